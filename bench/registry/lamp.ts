import type { Tag } from '../../src/domain/tag.js';
import type { Thing } from '../../src/domain/thing.js';
import { claimHash } from '../../src/services/registry/claim-hash.js';
import { Dice } from './dice.js';

/** How many tags a thing of the benches has; all of them can be searched. */
export const TAG_NAMES = [
  'CLASS',
  'MAN',
  'MODEL',
  'SN',
  'V',
  'LAT',
  'LON',
  'COUNTRY',
  'CITY',
  'STREET',
  'STREETNR',
  'ROOM',
] as const;

/** One of a thing's tags. */
export type TagName = (typeof TAG_NAMES)[number];

/** Tags whose values are numbers. */
export const NUMBER_TAGS: ReadonlySet<TagName> = new Set<TagName>(['V', 'LAT', 'LON']);

const SYLLABLES =
  'ba be bo da de do fa fu ga go ha ki ko la le lo ma mi na ne po ra ri ro sa so ta te va vi'.split(' ');
const ENDINGS = ['berg', 'borg', 'by', 'dal', 'ham', 'köping', 'stad', 'ton', 'vik', 'ville'];
const WAYS = ['alley', 'gatan', 'lane', 'road', 'square', 'street', 'vägen', 'weg'];
const ROOMS =
  'Attic Balcony Bathroom Bedroom Cellar Corridor Dining room Garage Garden Hall Kitchen Library Living room Office Pantry Porch Stairs Study Terrace Workshop'.split(
    / (?=[A-Z])/,
  );
const CLASSES =
  'Lamp Thermometer Switch Meter Lock Camera Valve Motor Siren Display Hygrometer Gateway'.split(' ');

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function words(seed: number, count: number, endings: readonly string[]): readonly string[] {
  const dice = new Dice(seed);
  return Array.from({ length: count }, () => {
    const begin = Array.from({ length: 2 + dice.below(2) }, () => dice.of(SYLLABLES)).join('');
    return capital(begin) + dice.of(endings);
  });
}

const COUNTRIES = words(1, 60, ['ia', 'land', 'stan']);
const STREETS = words(
  2,
  2000,
  WAYS.map((way) => ` ${way}`),
);
const MAKERS = words(3, 40, ['.example.org', '.example.com', '-works.example']);

interface City {
  readonly name: string;
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
}

const CITIES: readonly City[] = words(4, 500, ENDINGS).map((name, i) => {
  const dice = new Dice(100 + i);
  return { name, country: dice.of(COUNTRIES), lat: dice.share() * 110 - 45, lon: dice.share() * 340 - 170 };
});

/** What distinguishes a model: its maker, and 25 of each. */
function modelOf(maker: string, dice: Dice): string {
  return `${maker.slice(0, 4).toUpperCase()}-${1000 + 37 * dice.below(25)}`;
}

const degrees = (value: number): number => Math.round(value * 1e5) / 1e5;

/**
 * The tags of thing number `i`: always the same ones for a number, of few makers and classes, many streets, and serial
 * numbers that are all different. `edition` varies what can be updated.
 */
export function tagsOf(i: number, edition = 0): readonly Tag[] {
  const dice = new Dice(1_000_003 + i);
  const maker = dice.favourite(MAKERS);
  const city = dice.of(CITIES);
  const fixed: [TagName, string | number][] = [
    ['CLASS', dice.favourite(CLASSES)],
    ['MAN', maker],
    ['MODEL', modelOf(maker, dice)],
  ];
  // Nine digits that are a permutation of the number, so that none comes twice.
  const serial = String((i * 387_420_489 + 7_654_321 * (edition + 1)) % 999_999_937).padStart(9, '0');
  const lively = edition === 0 ? dice : new Dice(2_000_003 + i + edition);
  const rest: [TagName, string | number][] = [
    ['SN', serial],
    ['V', lively.below(50) / 10],
    ['LAT', degrees(city.lat + lively.share() - 0.5)],
    ['LON', degrees(city.lon + lively.share() - 0.5)],
    ['COUNTRY', city.country],
    ['CITY', city.name],
    ['STREET', lively.of(STREETS)],
    ['STREETNR', `${1 + lively.below(200)}${lively.of(['', '', 'A', 'B', 'C'])}`],
    ['ROOM', lively.of(ROOMS)],
  ];
  return [...fixed, ...rest].map(([name, value]) => ({ name, value }));
}

/** The bare JID of thing number `i`: in the order of the numbers. */
export function jidOf(i: number): string {
  return `thing-${String(i).padStart(7, '0')}@things.example`;
}

/** The owner of thing number `i`: ten things each. */
export function ownerOf(i: number): string {
  return `owner-${Math.floor(i / 10)}@people.example`;
}

/** Whether searches find thing number `i`: its owner keeps one of twenty private. */
export function isPublic(i: number): boolean {
  return i % 20 !== 7;
}

/** The time at which all of them registered. */
export const REGISTERED_AT = 1_795_000_000_000;

/** KEY of thing number `i` before its claim. */
export function keyOf(i: number): Tag {
  return { name: 'KEY', value: `key-of-thing-${i}-${new Dice(i).digits(12)}` };
}

/** Thing number `i` as the registry keeps it once it is claimed. */
export function claimedThing(i: number, edition = 0): Thing {
  return {
    ...unclaimedThing(i, edition),
    tags: tagsOf(i, edition),
    owner: ownerOf(i),
    public: isPublic(i),
    claimedAt: REGISTERED_AT + 60_000,
  };
}

/** Thing number `i` as the registry keeps it before that. */
export function unclaimedThing(i: number, edition = 0): Thing {
  const tags = [...tagsOf(i, edition), keyOf(i)];
  return {
    jid: jidOf(i),
    nodeId: '',
    sourceId: '',
    cacheType: '',
    tags,
    public: false,
    generation: 'xmpp',
    hub: 'hub.bench.local',
    claimHash: claimHash(tags),
    registeredAt: REGISTERED_AT,
  };
}
