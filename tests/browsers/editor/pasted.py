"""What the clipboard has when people copy from Word, Google Docs and mail programs."""

import base64
from typing import Literal

from playwright.sync_api import Page

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=Generator content="Microsoft Word 15">
<style><!-- p.MsoNormal {font-family:"Calibri"} @list l0:level1 {mso-level-number-format:bullet} --></style>
</head><body lang=NO-BOK><!--StartFragment-->
<h1>Nytt råd<o:p></o:p></h1>
<p class=MsoNormal><b><span style='color:red'>Ta 2*500 mg</span></b><span style='mso-spacerun:yes'>  </span>morgen
og 2*500 mg kveld. Les <a href="https://example.org/råd"><span style='font-size:12pt'>rådet</span></a>.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>Ring legen<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;
</span></span></span><![endif]>om dagen<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span></span><![endif]>Vent<o:p></o:p></p>
<h2>Slik gjør du</h2>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;
</span></span><![endif]>Først</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>2.<span>&nbsp;
</span></span><![endif]>Så</p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>Dose</p></td><td><p class=MsoNormal>Når</p></td></tr>
<tr><td><p class=MsoNormal>5 mg</p></td><td><p class=MsoNormal>morgen</p><p class=MsoNormal>kveld</p></td></tr></table>
<!--EndFragment--></body></html>"""
FROM_WORD = (
    "## Nytt råd\n\nTa 2*500 mg morgen og 2*500 mg kveld. Les [rådet](https://example.org/råd).\n\n"
    "- Ring legen\n  - om dagen\n- Vent\n\n## Slik gjør du\n\n1. Først\n2. Så\n\n"
    "| Dose | Når |\n| --- | --- |\n| 5 mg | morgen kveld |"
)

DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1">
<h2 dir="ltr"><span style="font-size:16pt">Nytt råd</span></h2>
<p dir="ltr"><span style="font-weight:700">Ta 2*500 mg</span><span> morgen. Les </span><a
href="https://www.google.com/url?q=https://example.org/r&amp;sa=D"><span>rådet</span></a><span>.</span></p>
<ul><li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>Ring legen</span></p></li>
<ul><li dir="ltr" aria-level="2"><p dir="ltr" role="presentation"><span>om dagen</span></p></li></ul>
<li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>Vent</span></p></li></ul>
<div dir="ltr"><table><tbody><tr><td><p>Dose</p></td><td><p>Når</p></td></tr><tr><td><p>5 mg</p></td><td>
<p>kveld</p></td></tr></tbody></table></div></b><br class="Apple-interchange-newline">"""
FROM_DOCS = (
    "## Nytt råd\n\nTa 2*500 mg morgen. Les [rådet](https://example.org/r).\n\n"
    "- Ring legen\n  - om dagen\n- Vent\n\n| Dose | Når |\n| --- | --- |\n| 5 mg | kveld |"
)

MAIL = """<html><body><div class="gmail_default" style="font-family:arial"><div>Hei,</div><div><br></div>
<div>Ta 2*500&nbsp;mg.<br>Og vent.</div><div><br></div><div>Les <a
href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fr&amp;data=05">her nå</a>
<img src="https://spor.example.org/1.gif" width="1"></div><script>alert(1)</script>
<div style="display:none">skjult</div><div>Hilsen<br>Kari</div></div></body></html>"""
FROM_MAIL = (
    "Hei,\n\nTa 2*500\u00a0mg.\\\nOg vent.\n\nLes [her nå](https://example.org/r)\n\nHilsen\\\nKari"
)

OUTLOOK = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=Generator content="Microsoft Word 15 (filtered medium)">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt;} @page WordSection1 {size:612.0pt 792.0pt;} --></style></head>
<body lang=NO-BOK link="#0563C1" vlink="#954F72" style='word-wrap:break-word'><!--StartFragment--><div class=WordSection1>
<p class=MsoNormal><span style='mso-fareast-language:EN-US'>Hei,<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal>Les <a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fr&amp;data=05%7C01">rådet
fra tilsynet</a>.<o:p></o:p></p>
<ul style='margin-top:0cm' type=disc><li class=MsoListParagraph style='margin-left:0cm;mso-list:l0 level1 lfo1'>Ring legen<o:p></o:p></li>
<ul style='margin-top:0cm' type=circle><li class=MsoListParagraph style='margin-left:0cm;mso-list:l0 level2 lfo1'>om dagen<o:p></o:p></li></ul>
<li class=MsoListParagraph style='margin-left:0cm;mso-list:l0 level1 lfo1'>Vent<o:p></o:p></li></ul>
<!--[if gte vml 1]><v:shape id="logo" style='width:100pt'><v:imagedata src="cid:logo@example.org"/></v:shape><![endif]-->
<![if !vml]><img width=100 height=30 src="cid:logo@example.org" v:shapes="logo"><![endif]>
<div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b><span lang=EN-US>Fra:</span></b><span lang=EN-US> Ola
Eksempel<br><b>Sendt:</b> fredag</span><o:p></o:p></p></div></div>
<table class=MsoNormalTable border=0 cellspacing=0 cellpadding=0><tr><td><table class=MsoNormalTable border=0><tr><td><p class=MsoNormal>Kari
Eksempel</p></td></tr></table></td><td><p class=MsoNormal>Tlf. 22 00 00 00<o:p></o:p></p></td></tr></table>
</div><!--EndFragment--></body></html>"""
FROM_OUTLOOK = (
    "Hei,\n\nLes [rådet fra tilsynet](https://example.org/r).\n\n"
    "- Ring legen\n  - om dagen\n- Vent\n\nFra: Ola Eksempel\\\nSendt: fredag\n\n"
    "Kari Eksempel\n\nTlf. 22 00 00 00"
)

_RUN = '<span data-contrast="auto" xml:lang="NB-NO" class="TextRun SCXW1 BCX0"><span class="NormalTextRun SCXW1 BCX0">'
_END = """</span></span><span class="EOP SCXW1 BCX0" data-ccp-props="{&quot;201341983&quot;:0}">&nbsp;</span>"""


def _online(kind: str, level: int, text: str, start: int = 1) -> str:
    """An item as Word in a browser writes it: a list of its own."""
    return (
        f'<div class="ListContainerWrapper SCXW1 BCX0"><{kind} role="list" start="{start}" class="SCXW1 BCX0" '
        f'style=\'margin:0\'><li role="listitem" data-leveltext="" data-aria-posinset="{start}" '
        f'data-aria-level="{level}" class="OutlineElement Ltr SCXW1 BCX0"><p class="Paragraph SCXW1 BCX0">'
        f"{_RUN}{text}{_END}</p></li></{kind}></div>"
    )


WORD_ONLINE = (
    '<div class="OutlineElement Ltr SCXW1 BCX0"><p role="heading" aria-level="1" class="Paragraph SCXW1 BCX0">'
    f"{_RUN}Nytt råd{_END}</p></div>"
    f'<div class="OutlineElement Ltr SCXW1 BCX0"><p class="Paragraph SCXW1 BCX0">{_RUN}Les </span></span><a class="Hyperlink" '
    f'href="https://example.org/r" target="_blank" rel="noreferrer noopener">{_RUN}rådet</span></span></a>{_RUN}.{_END}</p></div>'
    + _online("ul", 1, "Ring legen")
    + _online("ul", 2, "om dagen")
    + _online("ul", 1, "Vent")
    + _online("ol", 1, "Først", 1)
    + _online("ol", 1, "Så", 2)
    + '<div class="OutlineElement Ltr SCXW1 BCX0"><div class="TableContainer"><table border="1" data-tablestyle="MsoTableGrid">'
    f'<tbody><tr role="row"><td role="columnheader"><div class="TableCellContent"><p>{_RUN}Dose{_END}</p></div></td>'
    f"<td><p>{_RUN}Når{_END}</p></td></tr><tr><td><p>{_RUN}5 mg{_END}</p></td><td><p>{_RUN}kveld{_END}</p></td></tr></tbody>"
    "</table></div></div>"
)
FROM_WORD_ONLINE = (
    "## Nytt råd\n\nLes [rådet](https://example.org/r).\n\n- Ring legen\n  - om dagen\n- Vent\n\n"
    "1. Først\n2. Så\n\n| Dose | Når |\n| --- | --- |\n| 5 mg | kveld |"
)

PAGES = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><meta name="Generator" content="Cocoa HTML Writer">
<style type="text/css">p.p1 {margin: 0.0px 0.0px 8.0px 0.0px; font: 18.0px 'Helvetica Neue'} li.li2 {font: 11.0px 'Helvetica Neue'}</style></head>
<body><h1 class="p1"><b>Nytt råd</b></h1><p class="p2">Les <a href="https://example.org/r"><span class="s1">rådet</span></a>.</p>
<p class="p3"><br></p><ul class="ul1"><li class="li2"><span class="s2"></span>Ring legen<ul class="ul1"><li class="li2">om dagen</li></ul></li>
<li class="li2">Vent</li></ul><ol class="ol1"><li class="li2">Først</li><li class="li2">Så</li></ol>
<table cellspacing="0" cellpadding="0" class="t1"><tbody><tr><td valign="top" class="td1"><p class="p4"><b>Dose</b></p></td><td class="td1">
<p class="p4"><b>Når</b></p></td></tr><tr><td class="td1"><p class="p4">5 mg</p></td><td class="td1"><p class="p4">kveld</p></td></tr></tbody></table>
</body></html>"""
FROM_PAGES = FROM_WORD_ONLINE

CONTINUED = """<!--StartFragment--><p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>Først</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>&nbsp; </span></span>Så</p>
<p class=MsoNormal>Vent en uke.</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>3.<span>&nbsp; </span></span>Prøv igjen</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>4.<span>&nbsp; </span></span>Ring</p>
<p class=MsoNormal>Er det for mye?</p>
<ol start=5><li>Slutt</li></ol><p>Ferdig.</p><!--EndFragment-->"""
FROM_CONTINUED = (
    "1. Først\n2. Så\n\nVent en uke.\n\n3. Prøv igjen\n4. Ring\n\nEr det for mye?\n\n"
    "5. Slutt\n\nFerdig."
)

PLAIN = "Ta med:\n•\tkort\n•\tpenger\n\n2*500 og 2*500"
FROM_PLAIN = "Ta med:\n\n- kort\n- penger\n\n2*500 og 2*500"

_FILE = """async ([selector, type, raw, name, kind]) => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const data = new DataTransfer(), bytes = Uint8Array.from(atob(raw), (one) => one.charCodeAt(0));
    data.items.add(new File([bytes], name, {type: kind}));
    const place = document.querySelector(selector), box = place.getBoundingClientRect();
    const whole = {bubbles: true, cancelable: true, clientX: box.x + 20, clientY: box.bottom - 5};
    if (type === "paste") place.focus();
    else place.dispatchEvent(new DragEvent("dragover", {...whole, dataTransfer: data}));
    place.dispatchEvent(type === "paste"
        ? new ClipboardEvent("paste", {...whole, clipboardData: data})
        : new DragEvent("drop", {...whole, dataTransfer: data}));
}"""


def give_file(
    page: Page, how: Literal["drop", "paste"], selector: str, raw: bytes, kind: str = "image/jpeg"
) -> None:
    """Drop a file on what the selector finds, or paste it there, as browsers do."""
    name = f"Et bilde.{kind.rpartition('/')[2]}"
    page.evaluate(_FILE, [selector, how, base64.b64encode(raw).decode(), name, kind])


_PASTE = """async ([selector, html, text]) => {
    // A key that was pressed has moved the cursor; the editor hears of that by an event that comes
    // before the next frame, as it has when somebody presses Ctrl+V.
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const data = new DataTransfer();
    if (html) data.setData("text/html", html);
    data.setData("text/plain", text);
    const place = document.querySelector(selector);
    if (document.activeElement !== place) place.focus();
    place.dispatchEvent(new ClipboardEvent("paste",
        {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def paste(page: Page, selector: str, html: str, text: str = "tekst") -> None:
    """Paste into what the selector finds, as the browser does at Ctrl+V."""
    page.evaluate(_PASTE, [selector, html, text])


def pasted_text(page: Page, selector: str, html: str) -> str:
    """Paste into an empty text area; what stands there then."""
    page.evaluate("selector => { document.querySelector(selector).value = ''; }", selector)
    paste(page, selector, html)
    return page.locator(selector).input_value()
