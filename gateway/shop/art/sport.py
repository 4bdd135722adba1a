"""Motifs: climbing, cycling, and things for the youngest."""

from gateway.shop.art.tones import Tones

_RUBBER = "#3a4046"


def carabiner(t: Tones) -> str:
    return f"""
<path d="M150 78 Q166 40 214 46 Q268 54 268 112 V196 Q266 246 216 250 Q164 252 152 206 Z"
 fill="none" stroke="{t.base}" stroke-width="24" stroke-linejoin="round"/>
<path d="M172 62 Q190 48 214 50 Q260 58 262 112 V160" fill="none" stroke="{t.light}"
 stroke-width="7" stroke-linecap="round"/>
<path d="M150 92 L152 196" stroke="{t.deep}" stroke-width="18" stroke-linecap="round"/>
<rect x="138" y="122" width="28" height="44" rx="8" fill="{t.accent}"/>
<path d="M140 132 h24 M140 144 h24 M140 156 h24" stroke="{t.deep}" stroke-width="2" opacity=".5"/>
"""


def rope(t: Tones) -> str:
    coils = "".join(
        f'<ellipse cx="200" cy="{158 + (i % 2) * 6}" rx="{58 + i * 13}" ry="{50 + i * 10}" '
        f'fill="none" stroke="{colour}" stroke-width="11"/>'
        for i, colour in enumerate((t.deep, t.base, t.light, t.base, t.dark))
    )
    dashes = "".join(
        f'<ellipse cx="200" cy="{158 + (i % 2) * 6}" rx="{58 + i * 13}" ry="{50 + i * 10}" '
        f'fill="none" stroke="{t.accent}" stroke-width="4" stroke-dasharray="4 22"/>'
        for i in range(5)
    )
    return f"""{coils}{dashes}
<rect x="178" y="52" width="44" height="76" rx="12" fill="{t.dark}"/>
<path d="M180 66 h40 M180 80 h40 M180 94 h40 M180 108 h40" stroke="{t.accent}" stroke-width="5"/>
<path d="M214 124 Q280 190 318 252" fill="none" stroke="{t.base}" stroke-width="11"
 stroke-linecap="round"/>
"""


def harness(t: Tones) -> str:
    return f"""
<path d="M92 96 Q200 136 308 96" fill="none" stroke="{t.base}" stroke-width="32"
 stroke-linecap="round"/>
<path d="M96 88 Q200 124 304 88" fill="none" stroke="{t.light}" stroke-width="7"/>
<ellipse cx="142" cy="204" rx="54" ry="40" fill="none" stroke="{t.dark}" stroke-width="22"/>
<ellipse cx="258" cy="204" rx="54" ry="40" fill="none" stroke="{t.dark}" stroke-width="22"/>
<path d="M200 118 V190" stroke="{t.accent}" stroke-width="16" stroke-linecap="round"/>
<path d="M110 112 L122 168 M290 112 L278 168" stroke="{t.deep}" stroke-width="8"/>
<path d="M96 122 q-18 26 6 34 M304 122 q18 26 -6 34" fill="none" stroke="{t.accent}"
 stroke-width="6"/>
<rect x="182" y="104" width="36" height="26" rx="6" fill="{t.deep}"/>
"""


def helmet(t: Tones) -> str:
    return f"""
<path d="M64 196 Q60 74 196 66 Q332 70 344 184 Q346 204 322 202 L88 214 Q66 214 64 196Z"
 fill="{t.base}"/>
<path d="M64 196 Q60 74 196 66 Q120 110 116 212 L88 214 Q66 214 64 196Z" fill="{t.light}"
 opacity=".7"/>
<path d="M150 92 Q196 86 238 96 L226 122 Q192 112 152 122Z M258 104 Q300 124 312 158 L284 160
 Q272 136 246 128Z M134 138 Q190 124 240 140 L234 166 Q186 152 134 168Z" fill="{t.deep}"/>
<path d="M72 200 Q200 186 344 190" fill="none" stroke="{t.accent}" stroke-width="8"/>
<path d="M112 212 Q130 254 196 252 Q252 248 262 204 M164 212 Q180 240 196 252" fill="none"
 stroke="{_RUBBER}" stroke-width="7"/>
<rect x="184" y="242" width="26" height="16" rx="5" fill="{t.accent}"/>
"""


def bicycle(t: Tones) -> str:
    def wheel(x: int) -> str:
        spokes = "".join(
            f'<path d="M{x} 196 v-52" stroke="{t.dark}" stroke-width="1.5" opacity=".5" '
            f'transform="rotate({angle} {x} 196)"/>'
            for angle in range(0, 360, 30)
        )
        return (
            f'<circle cx="{x}" cy="196" r="54" fill="none" stroke="{_RUBBER}" stroke-width="8"/>'
            f'{spokes}<circle cx="{x}" cy="196" r="6" fill="{t.deep}"/>'
        )

    return f"""{wheel(106)}{wheel(296)}
<path d="M106 196 L158 112 H262 L196 196 Z M158 112 L196 196 M262 112 L296 196" fill="none"
 stroke="{t.base}" stroke-width="10" stroke-linejoin="round" stroke-linecap="round"/>
<path d="M158 112 L150 88 M262 112 L254 78" stroke="{t.deep}" stroke-width="8"
 stroke-linecap="round"/>
<path d="M128 86 H172" stroke="{t.deep}" stroke-width="12" stroke-linecap="round"/>
<path d="M254 78 H286 Q300 82 294 98" fill="none" stroke="{t.deep}" stroke-width="8"
 stroke-linecap="round"/>
<circle cx="196" cy="196" r="15" fill="none" stroke="{t.accent}" stroke-width="7"/>
<path d="M196 196 l18 20" stroke="{t.deep}" stroke-width="6" stroke-linecap="round"/>
"""


def pump(t: Tones) -> str:
    return f"""
<rect x="150" y="52" width="100" height="18" rx="9" fill="{t.deep}"/>
<rect x="195" y="66" width="10" height="60" fill="#9aa5ad"/>
<rect x="178" y="116" width="44" height="112" rx="8" fill="{t.base}"/>
<rect x="178" y="116" width="20" height="112" rx="8" fill="{t.light}" opacity=".6"/>
<path d="M138 246 Q140 226 164 226 H236 Q260 226 262 246Z" fill="{t.deep}"/>
<circle cx="200" cy="214" r="24" fill="#f4f1ea" stroke="{t.deep}" stroke-width="6"/>
<path d="M200 214 l10 -12" stroke="{t.accent}" stroke-width="5" stroke-linecap="round"/>
<path d="M222 204 Q300 190 296 118 Q294 76 320 70" fill="none" stroke="{t.dark}" stroke-width="9"
 stroke-linecap="round"/>
<rect x="312" y="56" width="34" height="22" rx="6" fill="{t.accent}"/>
"""


def padlock(t: Tones) -> str:
    return f"""
<path d="M148 136 V96 Q150 48 200 48 Q250 48 252 96 V136" fill="none" stroke="#7f8a92"
 stroke-width="20"/>
<rect x="116" y="128" width="168" height="120" rx="22" fill="{t.base}"/>
<rect x="116" y="128" width="84" height="120" rx="22" fill="{t.light}" opacity=".5"/>
<circle cx="200" cy="178" r="16" fill="{t.deep}"/>
<path d="M200 184 V216" stroke="{t.deep}" stroke-width="12" stroke-linecap="round"/>
<path d="M134 232 H266" stroke="{t.accent}" stroke-width="7" stroke-linecap="round"/>
"""


def bear_backpack(t: Tones) -> str:
    return f"""
<path d="M126 150 Q90 160 100 236 M274 150 Q310 160 300 236" fill="none" stroke="{t.dark}"
 stroke-width="16" stroke-linecap="round"/>
<circle cx="146" cy="80" r="30" fill="{t.dark}"/><circle cx="254" cy="80" r="30" fill="{t.dark}"/>
<circle cx="146" cy="80" r="15" fill="{t.light}"/><circle cx="254" cy="80" r="15"
 fill="{t.light}"/>
<path d="M116 140 Q116 66 200 66 Q284 66 284 140 V216 Q284 252 248 252 H152 Q116 252 116 216Z"
 fill="{t.base}"/>
<circle cx="166" cy="130" r="9" fill="{t.deep}"/><circle cx="234" cy="130" r="9" fill="{t.deep}"/>
<ellipse cx="200" cy="158" rx="36" ry="26" fill="{t.light}"/>
<ellipse cx="200" cy="148" rx="12" ry="8" fill="{t.deep}"/>
<path d="M200 156 v8 M188 168 q12 10 24 0" fill="none" stroke="{t.deep}" stroke-width="4"
 stroke-linecap="round"/>
<path d="M148 204 H252 V222 Q252 238 236 238 H164 Q148 238 148 222Z" fill="{t.dark}"/>
<path d="M156 212 H244" stroke="{t.accent}" stroke-width="6" stroke-linecap="round"/>
"""


def child_carrier(t: Tones) -> str:
    return f"""
<path d="M128 60 Q200 12 272 60 L258 98 H142Z" fill="{t.light}"/>
<path d="M136 60 L116 250 M264 60 L284 250" stroke="#7f8a92" stroke-width="9"
 stroke-linecap="round"/>
<path d="M140 118 H260 L250 214 Q248 240 222 240 H178 Q152 240 150 214Z" fill="{t.base}"/>
<circle cx="200" cy="112" r="32" fill="#f0c9a4"/>
<path d="M168 110 Q170 74 200 74 Q230 74 232 110 Q200 92 168 110Z" fill="{t.accent}"/>
<circle cx="189" cy="116" r="3.5" fill="{t.deep}"/><circle cx="211" cy="116" r="3.5"
 fill="{t.deep}"/>
<path d="M191 127 q9 7 18 0" fill="none" stroke="{t.deep}" stroke-width="3"
 stroke-linecap="round"/>
<path d="M144 148 H256 L250 176 H150Z" fill="{t.dark}"/>
<path d="M116 250 H284" stroke="#7f8a92" stroke-width="9" stroke-linecap="round"/>
"""


def poles(t: Tones) -> str:
    return f"""
<path d="M132 70 L176 250 M268 70 L224 250" stroke="#8d979e" stroke-width="9"
 stroke-linecap="round"/>
<path d="M132 70 L150 142 M268 70 L250 142" stroke="{t.base}" stroke-width="11"
 stroke-linecap="round"/>
<path d="M126 44 L136 92 M274 44 L264 92" stroke="{t.deep}" stroke-width="20"
 stroke-linecap="round"/>
<path d="M128 56 q-34 18 -8 44 M272 56 q34 18 8 44" fill="none" stroke="{t.accent}"
 stroke-width="6"/>
<path d="M154 226 l36 -9 M246 226 l-36 -9" stroke="{t.accent}" stroke-width="9"
 stroke-linecap="round"/>
"""
