import { describe, expect, it } from 'vitest';
import { readFriendshipStates } from '../../src/dialects/siot/friends.js';
import { findRow, rowOf, rows } from '../../src/dialects/table.js';
import { readRequest, refusal, xml } from './read-payload.js';

const NS = 'urn:xmpp:siot:1';

describe('friends in Simple IoT', () => {
  it('who is asked with a namespace answers with it, who is asked without answers without', () => {
    const answers = rows
      .filter(({ operation, generation }) => operation === 'is-friend' && generation === 'siot')
      .map(
        (row) =>
          [row.ns, row.readRequest(xml(`<is-friend-query xmlns='${row.ns}' jid='a@b'/>`)), row] as const,
      );
    expect(answers.map(([ns, command]) => [ns, command])).toEqual([
      [NS, { jid: 'a@b' }],
      ['jabber:client', { jid: 'a@b' }],
    ]);
    const answer = { jid: 'a@b', result: false, pending: true, secondaryTrust: false };
    for (const [ns, , row] of answers) {
      const written = row.writeAnswer(answer);
      expect([written?.ns, written?.attribute('friend')]).toEqual([ns, 'pending']);
    }
    expect(findRow('is-friend', 'siot')?.ns).toBe(NS);
  });

  it.each([
    ['yes', { result: true, pending: false }],
    ['no', { result: false, pending: false }],
    ['pending', { result: false, pending: true }],
  ])('an answer is %s', (friend, meant) => {
    const row = rowOf('is-friend', 'siot');
    const answer = row.readAnswer(xml(`<is-friend-result xmlns='${NS}' friend='${friend}'/>`));
    expect(answer).toMatchObject(meant);
    expect(row.writeAnswer(answer)?.attribute('friend')).toBe(friend);
  });

  it('refuses other answers', () => {
    const row = rowOf('is-friend', 'siot');
    for (const attributes of ['', "friend='true'", "friend=''"])
      expect(refusal(() => row.readAnswer(xml(`<is-friend-result xmlns='${NS}' ${attributes}/>`)))).toBe(
        'bad-request',
      );
    expect(refusal(() => row.readAnswer(undefined))).toBe('bad-request');
  });

  const update = (children: string) => () =>
    readRequest('friend-states', `<friend-state-update xmlns='${NS}'>${children}</friend-state-update>`);

  it('an update says who is a friend and who is not', () => {
    expect(update("<friend jid='A@b/c'/><non-friend jid='d@e'/>")()).toEqual({
      items: [
        { jid: 'a@b', friend: true },
        { jid: 'd@e', friend: false },
      ],
    });
  });

  it.each([
    ['nobody', ''],
    ['somebody as both', "<friend jid='a@b'/><non-friend jid='A@b/c'/>"],
    ['somebody twice', "<friend jid='a@b'/><friend jid='a@b'/>"],
    ['1001 addresses', Array.from({ length: 1001 }, (_, i) => `<friend jid='a${i}@b'/>`).join('')],
    ['no address', '<friend/>'],
    ['something else', "<foe jid='a@b'/>"],
    ['text', 'a@b'],
  ])('abuse 48: refuses an update of %s', (_, children) => {
    expect(refusal(update(children))).toBe('bad-request');
  });

  it('a message to a thing tells of one friendship, and others of several are read', () => {
    const states = (children: string) =>
      xml(`<friendship-states xmlns='${NS}'>${children}</friendship-states>`);
    const friend = rowOf('friend', 'siot');
    const unfriend = rowOf('unfriend', 'siot');
    expect(friend.readRequest(friend.writeRequest({ jid: 'a@b' }))).toEqual({ jid: 'a@b' });
    expect(unfriend.readRequest(unfriend.writeRequest({ jid: 'a@b' }))).toEqual({ jid: 'a@b' });
    expect(refusal(() => friend.readRequest(unfriend.writeRequest({ jid: 'a@b' })))).toBe('bad-request');
    const two = states("<item jid='a@b' friend='yes'/><item jid='c@d' friend='no'/>");
    expect(refusal(() => friend.readRequest(two))).toBe('bad-request');
    expect(readFriendshipStates(two)).toEqual([
      { jid: 'a@b', friend: true },
      { jid: 'c@d', friend: false },
    ]);
    for (const children of [
      '',
      "<item jid='a@b'/>",
      "<item jid='a@b' friend='pending'/>",
      "<item friend='yes'/>",
      '<x/>',
    ])
      expect(
        refusal(() => readFriendshipStates(states(children))),
        children,
      ).toBe('bad-request');
  });
});
