"""A thing on Debian's python3-slixmpp: makes its account, finds the hub by disco, registers a thing.

Arguments: host, port, domain, file of the hub's certificate authority. Prints what it found as one line of JSON.
"""
import json
import sys
from xml.etree import ElementTree as ET

import slixmpp

HOST, PORT, DOMAIN, AUTHORITY = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
DISCOVERY = "urn:xmpp:iot:discovery"


class Thing(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(f"meter@{DOMAIN}", "a secret of the meter")
        self.ca_certs = AUTHORITY
        # slixmpp queues what is sent before the session starts, the account's registration too.
        self._always_send_everything = True
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0077")
        self["xep_0077"].force_registration = True
        self.add_event_handler("register", self.make_account)
        self.add_event_handler("session_start", self.session)
        self.add_event_handler("failed_all_auth", lambda _: self.fail("login failed"))
        self.add_event_handler("connection_failed", lambda why: self.fail(f"no connection: {why}"))

    def fail(self, why):
        print(json.dumps({"error": str(why)}), flush=True)
        sys.exit(1)

    async def make_account(self, _):
        request = self.Iq()
        request["type"] = "set"
        request["register"]["username"] = self.boundjid.user
        request["register"]["password"] = self.password
        await request.send()

    async def session(self, _):
        await self.get_roster()
        self.send_presence()
        items = await self["xep_0030"].get_items(jid=DOMAIN)
        hub = None
        for jid, _node, _name in items["disco_items"]["items"]:
            info = await self["xep_0030"].get_info(jid=jid)
            if DISCOVERY in info["disco_info"]["features"]:
                hub = str(jid)
        register = ET.Element(f"{{{DISCOVERY}}}register")
        for name, value in (("SN", "394872348732948723"), ("MAN", "www.ktc.se"), ("KEY", "4857402340298342")):
            ET.SubElement(register, f"{{{DISCOVERY}}}str", {"name": name, "value": value})
        request = self.make_iq_set(sub=register, ito=hub)
        answer = await request.send()
        tls = self.socket is not None and self.transport.get_extra_info("cipher") is not None
        print(json.dumps({"hub": hub, "answer": answer["type"], "tls": tls}), flush=True)
        await self.disconnect()


thing = Thing()
thing.connect(address=(HOST, PORT))
thing.process(forever=False)
