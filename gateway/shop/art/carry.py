"""Motifs: what one carries things in."""

from gateway.shop.art.tones import Tones


def backpack(t: Tones) -> str:
    return f"""
<path d="M150 66 Q200 22 250 66" fill="none" stroke="{t.deep}" stroke-width="10"/>
<rect x="104" y="150" width="34" height="86" rx="14" fill="{t.dark}"/>
<rect x="262" y="150" width="34" height="86" rx="14" fill="{t.dark}"/>
<path d="M128 108 Q128 60 200 60 Q272 60 272 108 V226 Q272 252 246 252 H154 Q128 252 128 226Z"
 fill="{t.base}"/>
<path d="M128 108 Q128 60 200 60 V252 H154 Q128 252 128 226Z" fill="{t.light}" opacity=".55"/>
<path d="M120 104 Q122 56 200 56 Q278 56 280 104 Q240 124 200 124 Q160 124 120 104Z"
 fill="{t.dark}"/>
<rect x="150" y="164" width="100" height="72" rx="16" fill="{t.dark}"/>
<path d="M158 182 H242" stroke="{t.accent}" stroke-width="5" stroke-linecap="round"/>
<rect x="166" y="104" width="12" height="52" rx="3" fill="{t.deep}"/>
<rect x="222" y="104" width="12" height="52" rx="3" fill="{t.deep}"/>
<rect x="162" y="128" width="20" height="14" rx="3" fill="{t.accent}"/>
<rect x="218" y="128" width="20" height="14" rx="3" fill="{t.accent}"/>
<circle cx="200" cy="88" r="9" fill="{t.accent}"/>
"""


def roll_top(t: Tones) -> str:
    return f"""
<path d="M136 84 H264 L278 232 Q278 252 256 252 H144 Q122 252 122 232Z" fill="{t.base}"/>
<path d="M136 84 H200 V252 H144 Q122 252 122 232Z" fill="{t.light}" opacity=".5"/>
<rect x="130" y="54" width="140" height="38" rx="19" fill="{t.dark}"/>
<path d="M138 73 H262" stroke="{t.deep}" stroke-width="4" opacity=".6"/>
<path d="M146 92 V150 M254 92 V150" stroke="{t.deep}" stroke-width="8"/>
<rect x="136" y="128" width="20" height="16" rx="3" fill="{t.accent}"/>
<rect x="244" y="128" width="20" height="16" rx="3" fill="{t.accent}"/>
<path d="M150 178 Q200 160 250 178 V222 Q200 236 150 222Z" fill="{t.dark}"/>
<path d="M164 186 Q200 174 236 186" fill="none" stroke="{t.accent}" stroke-width="5"
 stroke-linecap="round"/>
"""


def duffel(t: Tones) -> str:
    return f"""
<path d="M132 132 Q140 64 200 64 Q260 64 268 132" fill="none" stroke="{t.deep}" stroke-width="11"/>
<rect x="54" y="122" width="292" height="122" rx="52" fill="{t.base}"/>
<path d="M106 122 H294 Q346 124 346 172 Q200 190 54 172 Q56 124 106 122Z" fill="{t.light}"/>
<path d="M84 134 Q62 182 84 234 M316 134 Q338 182 316 234" fill="none" stroke="{t.dark}"
 stroke-width="6"/>
<path d="M120 148 H280" stroke="{t.deep}" stroke-width="5" stroke-dasharray="3 5"/>
<rect x="134" y="126" width="16" height="116" fill="{t.deep}" opacity=".75"/>
<rect x="250" y="126" width="16" height="116" fill="{t.deep}" opacity=".75"/>
<rect x="166" y="180" width="68" height="40" rx="8" fill="{t.dark}"/>
<rect x="178" y="194" width="44" height="10" rx="5" fill="{t.accent}"/>
"""


def suitcase(t: Tones) -> str:
    ribs = "".join(
        f'<path d="M{152 + i * 24} 104 V236" stroke="{t.dark}" stroke-width="5" opacity=".55"/>'
        for i in range(5)
    )
    return f"""
<path d="M168 92 V48 H232 V92" fill="none" stroke="{t.deep}" stroke-width="9"/>
<rect x="116" y="88" width="168" height="156" rx="22" fill="{t.base}"/>
<rect x="116" y="88" width="84" height="156" rx="22" fill="{t.light}" opacity=".5"/>
{ribs}
<rect x="124" y="150" width="152" height="12" rx="6" fill="{t.deep}" opacity=".6"/>
<rect x="186" y="142" width="28" height="28" rx="7" fill="{t.accent}"/>
<circle cx="142" cy="250" r="9" fill="{t.deep}"/><circle cx="258" cy="250" r="9" fill="{t.deep}"/>
"""


def pouch(t: Tones) -> str:
    return f"""
<path d="M132 118 Q200 40 268 118" fill="none" stroke="{t.deep}" stroke-width="8"/>
<path d="M92 116 H308 L294 222 Q290 244 266 244 H134 Q110 244 106 222Z" fill="{t.base}"/>
<path d="M86 104 H314 V146 Q200 186 86 146Z" fill="{t.dark}"/>
<path d="M86 104 H200 V166 Q132 164 86 146Z" fill="{t.light}" opacity=".35"/>
<rect x="186" y="146" width="28" height="34" rx="6" fill="{t.accent}"/>
<path d="M132 212 H268" stroke="{t.dark}" stroke-width="5" stroke-linecap="round"/>
"""


def panniers(t: Tones) -> str:
    return f"""
<path d="M70 92 H330" stroke="{t.deep}" stroke-width="9" stroke-linecap="round"/>
<path d="M84 104 H190 L182 232 Q180 246 164 246 H110 Q94 246 92 232Z" fill="{t.base}"/>
<path d="M210 104 H316 L308 232 Q306 246 290 246 H236 Q220 246 218 232Z" fill="{t.dark}"/>
<rect x="80" y="76" width="114" height="40" rx="18" fill="{t.light}"/>
<rect x="206" y="76" width="114" height="40" rx="18" fill="{t.base}"/>
<path d="M137 116 V168 M263 116 V168" stroke="{t.deep}" stroke-width="8"/>
<rect x="126" y="146" width="22" height="16" rx="3" fill="{t.accent}"/>
<rect x="252" y="146" width="22" height="16" rx="3" fill="{t.accent}"/>
<circle cx="112" cy="206" r="10" fill="{t.accent}"/><circle cx="288" cy="206" r="10"
 fill="{t.accent}"/>
"""
