"""What an address says about itself: that it belongs to a role, to a throw-away or free mailbox, or is mistyped.

Nothing here is refused; a person, a segment or an automation decides what to make of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from waypost.contacts.free_mail import FREE_MAIL

Quality = Literal["role", "disposable", "free", "mistyped"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)

ROLES = frozenset(
    """
    abuse accounting accounts admin administrator anfrage billing bookings buchhaltung careers compliance contact
    contacto contatti customerservice datenschutz dns everyone feedback finance ftp hello help helpdesk hostmaster hr
    info infos information invoice invoices it jobs kontakt legal list list-request mail mailer-daemon marketing media
    news newsletter no-reply nobody noc noreply office orders postmaster press presse privacy rechnung reception
    recruiting registrar reservations root sales security service spam staff subscribe support team tech technik
    undisclosed-recipients unsubscribe usenet uucp ventas verkauf vertrieb web webadmin webmaster welcome www
    """.split()
)
DISPOSABLE = frozenset(
    """
    0-mail.com 10mail.org 10minutemail.co.za 10minutemail.com 10minutemail.net 20minutemail.com 33mail.com
    anonbox.net anonymbox.com armyspy.com burnermail.io byom.de cuvox.de dayrep.com deadaddress.com discard.email
    discardmail.com discardmail.de dispostable.com dropmail.me einrot.com einmalmail.de emailondeck.com
    emailsensei.com emailtemporanea.net fakeinbox.com fakemail.net fakemailgenerator.com fleckens.hu getairmail.com
    getnada.com grr.la guerrillamail.biz guerrillamail.com guerrillamail.de guerrillamail.info guerrillamail.net
    guerrillamail.org gustr.com harakirimail.com hidzz.com inboxalias.com inboxbear.com incognitomail.org jetable.org
    jourrapide.com kasmail.com kurzepost.de linshiyouxiang.net lroid.com mail-temp.com mail-temporaire.fr mail.tm
    mailcatch.com maildrop.cc maileater.com mailexpire.com mailinator.com mailinator.net mailinator2.com mailnesia.com
    mailnull.com mailpoof.com mailsac.com mailtemp.info mintemail.com moakt.com mohmal.com mytemp.email mytrashmail.com
    nada.email no-spam.ws nospam.ze.tc nowmymail.com objectmail.com onetimemail.org pokemail.net rhyta.com
    sharklasers.com shieldemail.com smailpro.com sogetthis.com spam4.me spambog.com spambox.us spamex.com spamgourmet.com
    spaml.com spoofmail.de superrito.com teleworm.us temp-mail.io temp-mail.org temp-mail.ru tempail.com tempinbox.com
    tempmail.com tempmail.de tempmail.dev tempmail.email tempmail.net tempmail.plus tempmailo.com tempomail.fr
    tempr.email throwam.com throwawaymail.com tmail.ws tmailinator.com tmpmail.net tmpmail.org trash-mail.com
    trash-mail.de trashmail.com trashmail.de trashmail.me trashmail.net trashmail.ws trbvm.com upyx.com wegwerfemail.de
    wegwerfmail.de wegwerfmail.net wegwerfmail.org yopmail.com yopmail.fr yopmail.net zetmail.com
    """.split()
)
CORRECTIONS: Mapping[str, str] = {
    wrong: right
    for right, many in {
        "gmail.com": "gmial.com gmai.com gmal.com gmaill.com gmail.co gmail.cm gmail.con gmail.cim gmail.om gnail.com"
        " gmeil.com gmil.com gamil.com gmaul.com gmali.com ggmail.com gmail.comm gmailcom.com",
        "googlemail.com": "googlmail.com gogglemail.com googelmail.com",
        "hotmail.com": "hotmal.com hotmai.com hotmial.com hotmil.com hotnail.com hotmail.con hotmail.co hotmali.com"
        " hotamil.com hormail.com homtail.com",
        "outlook.com": "outlok.com outloo.com outllook.com outlook.con outlook.co outlock.com oultook.com",
        "yahoo.com": "yaho.com yahooo.com yahho.com yhoo.com yahoo.con yahoo.co yahoo.cm yaoo.com",
        "icloud.com": "iclod.com icloud.con icloud.co iclould.com icoud.com",
        "gmx.de": "gmx.dee gxm.de gmx.d gmy.de",
        "web.de": "web.dee wbe.de web.d",
        "t-online.de": "t-onlin.de tonline.de t-online.d t-onlline.de",
        "live.com": "live.con live.co",
        "aol.com": "aol.con aol.co",
        "proton.me": "protom.me prton.me",
    }.items()
    for wrong in many.split()
}


def judge_address(email: str) -> list[Quality]:
    """What is to be said of an address as it is kept."""
    local, _, domain = email.rpartition("@")
    found: dict[Quality, bool] = {
        "role": local.partition("+")[0] in ROLES,
        "disposable": domain in DISPOSABLE,
        "free": domain in FREE_MAIL and domain not in DISPOSABLE,
        "mistyped": domain in CORRECTIONS,
    }
    return [quality for quality in QUALITIES if found[quality]]


def correct_address(email: str) -> str | None:
    """The address that was probably meant."""
    local, _, domain = email.rpartition("@")
    return f"{local}@{CORRECTIONS[domain]}" if domain in CORRECTIONS else None
