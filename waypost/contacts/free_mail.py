"""Mail domains that say nothing about where a person works."""

from __future__ import annotations

FREE_MAIL = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com
    hotmail.co.uk hotmail.de hotmail.fr hotmail.it hotmail.es live.co.uk live.de live.fr live.nl live.it outlook.de
    outlook.fr outlook.es outlook.it outlook.com.br yahoo.com ymail.com rocketmail.com yahoo.co.uk yahoo.de yahoo.fr
    yahoo.it yahoo.es yahoo.ca yahoo.com.br yahoo.com.mx yahoo.com.ar yahoo.co.in yahoo.in yahoo.co.jp yahoo.com.au
    yahoo.com.sg yahoo.com.ph yahoo.co.id aol.com aim.com aol.co.uk aol.de icloud.com me.com mac.com
    gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.co.uk gmx.fr web.de freenet.de t-online.de arcor.de online.de email.de
    mail.de posteo.de posteo.net mailbox.org vodafone.de kabelmail.de aikq.de proton.me protonmail.com protonmail.ch pm.me
    tutanota.com tutanota.de tutamail.com tuta.io tuta.com keemail.me fastmail.com fastmail.fm hey.com zoho.com zohomail.com
    zohomail.eu mail.com email.com usa.com europe.com consultant.com engineer.com hushmail.com runbox.com mailfence.com
    disroot.org riseup.net duck.com mozmail.com simplelogin.com yandex.com yandex.ru ya.ru mail.ru inbox.ru list.ru bk.ru
    rambler.ru ukr.net i.ua meta.ua seznam.cz email.cz centrum.cz post.cz wp.pl o2.pl onet.pl interia.pl op.pl gazeta.pl
    orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr libero.it virgilio.it alice.it tin.it
    tiscali.it fastwebnet.it telefonica.net terra.es ono.com bluewin.ch sunrise.ch hispeed.ch swissonline.ch
    chello.at aon.at a1.net ziggo.nl kpnmail.nl planet.nl xs4all.nl hetnet.nl home.nl upcmail.nl skynet.be telenet.be
    btinternet.com btopenworld.com sky.com virginmedia.com talktalk.net blueyonder.co.uk ntlworld.com tiscali.co.uk
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com netzero.net
    optonline.net frontier.com roadrunner.com rr.com windstream.net centurylink.net rogers.com shaw.ca sympatico.ca
    videotron.ca telus.net bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au xtra.co.nz
    qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn naver.com hanmail.net
    daum.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com sify.com uol.com.br bol.com.br terra.com.br
    ig.com.br globo.com globomail.com prodigy.net.mx sapo.pt telia.com bredband.net online.no abv.bg mail.bg freemail.hu
    citromail.hu inbox.lv mynet.com walla.com walla.co.il mail.ee
    mailinator.com guerrillamail.com yopmail.com trashmail.com temp-mail.org 10minutemail.com sharklasers.com
    privaterelay.appleid.com
    """.split()
)
