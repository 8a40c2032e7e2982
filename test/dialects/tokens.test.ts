import { describe, expect, it } from 'vitest';
import { tokensNs } from '../../src/dialects/namespaces.js';
import { rowOf } from '../../src/dialects/table.js';
import { generations } from '../../src/domain/generation.js';
import { readRequest, refusal, xml } from './read-payload.js';

describe.each(generations)('tokens in generation %s', (generation) => {
  const ns = tokensNs[generation];
  const certificate = (text: string) =>
    readRequest('get-token', `<getToken xmlns='${ns}'>${text}</getToken>`).certificate;
  const asked = (attributes: string, text = '') =>
    readRequest('get-certificate', `<getCertificate xmlns='${ns}' ${attributes}>${text}</getCertificate>`)
      .token;
  const answered = (seqnr: string, text = 'AAAA') =>
    readRequest(
      'answer-challenge',
      `<getTokenChallengeResponse xmlns='${ns}' ${seqnr}>${text}</getTokenChallengeResponse>`,
    );

  it('a request for a token says in which generation it was made', () => {
    expect(readRequest('get-token', `<getToken xmlns='${ns}'>SGVhcnRo</getToken>`)).toEqual({
      certificate: 'SGVhcnRo',
      generation,
    });
  });

  it('base64 may hold white space, and is read without', () => {
    expect(certificate('\n  SGVh\r\n\tcnQ =\n')).toBe('SGVhcnQ=');
    expect(certificate('A'.repeat(32_768))).toHaveLength(32_768);
  });

  it.each([
    '',
    ' ',
    'A',
    'AA',
    'AAA',
    'AAAAA',
    'A===',
    'AA=',
    'AB==',
    'AAB=',
    'AA==AA==',
    'AA-_',
    'AAA\u00e9',
    'a,b=',
  ])('refuses a certificate that is no base64: "%s"', (text) => {
    expect(refusal(() => certificate(text))).toBe('bad-request');
  });

  it('abuse 41: refuses a certificate of 100 kB, and one that holds elements', () => {
    expect(refusal(() => certificate('A'.repeat(100_000)))).toBe('bad-request');
    expect(refusal(() => certificate('AAAA<b/>'))).toBe('bad-request');
  });

  it('numbers of challenges are exact', () => {
    expect(answered("seqnr='2147483647'").seqnr).toBe(2147483647);
    expect(answered("seqnr='-0'").seqnr).toBe(0);
    for (const seqnr of ['', "seqnr=''", "seqnr='1.0'", "seqnr='2147483648'", "seqnr='0x1'", "seqnr='1e3'"])
      expect(
        refusal(() => answered(seqnr)),
        seqnr,
      ).toBe('bad-request');
    expect(refusal(() => answered("seqnr='1'", ''))).toBe('bad-request');
    expect(refusal(() => answered("seqnr='1'", 'A'.repeat(8196)))).toBe('bad-request');
  });

  it('the token whose certificate is wanted stands in an attribute or in the text', () => {
    expect(asked("token='hub.example.org:x'")).toBe('hub.example.org:x');
    expect(asked('', 'hub.example.org:x')).toBe('hub.example.org:x');
    expect(asked('', '\n  x\n')).toBe('x');
    expect(asked("token='x'", 'x')).toBe('x');
    for (const [attributes, text] of [
      ['', ''],
      ["token=''", ''],
      ["token='a b'", ''],
      ['', 'a b'],
      ["token='a'", 'b'],
      ['', '<a/>'],
      ['', 'x'.repeat(2049)],
    ] as const)
      expect(
        refusal(() => asked(attributes, text)),
        `${attributes} ${text}`,
      ).toBe('bad-request');
  });

  it('a challenge names the token, an answer to it is base64', () => {
    const challenge = rowOf('challenge-token', generation);
    const token = (attributes: string) => () =>
      challenge.readRequest(xml(`<tokenChallenge xmlns='${ns}' ${attributes}>AAAA</tokenChallenge>`));
    expect(token("token='x'")()).toEqual({ token: 'x', challenge: 'AAAA' });
    expect(refusal(token(''))).toBe('bad-request');
    expect(refusal(token("token='a b'"))).toBe('bad-request');
    const answer = (text: string) => () =>
      challenge.readAnswer(xml(`<tokenChallengeResponse xmlns='${ns}'>${text}</tokenChallengeResponse>`));
    expect(answer('AA==')()).toEqual({ response: 'AA==' });
    expect(refusal(answer('?'))).toBe('bad-request');
    expect(refusal(() => challenge.readAnswer(undefined))).toBe('bad-request');
  });

  it('a token that is given has no white space', () => {
    const row = rowOf('answer-challenge', generation);
    const given = (token: string) => () =>
      row.readAnswer(xml(`<getTokenResponse xmlns='${ns}' token='${token}'/>`));
    expect(given('hub.example.org:x')()).toEqual({ token: 'hub.example.org:x' });
    expect(refusal(given('a b'))).toBe('bad-request');
    expect(refusal(given(''))).toBe('bad-request');
  });
});
