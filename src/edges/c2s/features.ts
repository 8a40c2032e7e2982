import { type Element, element } from '../../xmpp/element.js';
import { beforeLogin } from '../../xmpp/limits.js';
import { NS } from '../../xmpp/namespaces.js';
import type { SaslNegotiation } from './sasl/negotiation.js';

/** What a stream before login is like. */
export interface LoginOffer {
  readonly secure: boolean;
  /** Whether a login needs TLS. */
  readonly tlsRequired: boolean;
  readonly sasl: SaslNegotiation;
  readonly registration: boolean;
}

/** The features of a stream before login (RFC 6120 §5 and §6, XEP-0077, XEP-0440, XEP-0478). */
export function loginFeatures({ secure, tlsRequired, sasl, registration }: LoginOffer): Element {
  const startTls = secure
    ? undefined
    : element('starttls', NS.tls, {}, tlsRequired ? element('required', NS.tls) : undefined);
  const login = secure || !tlsRequired;
  return features(
    beforeLogin.bytes,
    startTls,
    ...(login ? loginOffers(sasl.mechanisms, sasl.channelBindings) : []),
    login && registration ? element('register', NS.registerFeature) : undefined,
  );
}

/** The features of a stream after login. The session of RFC 3921 is optional: it does nothing. */
export function bindFeatures(stanzaBytes: number): Element {
  return features(
    stanzaBytes,
    element('bind', NS.bind),
    element('session', NS.session, {}, element('optional', NS.session)),
  );
}

function loginOffers(mechanisms: readonly string[], bindings: readonly string[]): Element[] {
  const offers = [
    element('mechanisms', NS.sasl, {}, ...mechanisms.map((name) => element('mechanism', NS.sasl, {}, name))),
  ];
  if (bindings.length > 0)
    offers.push(
      element(
        'sasl-channel-binding',
        NS.saslChannelBinding,
        {},
        ...bindings.map((type) => element('channel-binding', NS.saslChannelBinding, { type })),
      ),
    );
  return offers;
}

function features(maxBytes: number, ...offers: (Element | undefined)[]): Element {
  const limits = element('limits', NS.limits, {}, element('max-bytes', NS.limits, {}, String(maxBytes)));
  return element('features', NS.streams, {}, ...offers, limits);
}
