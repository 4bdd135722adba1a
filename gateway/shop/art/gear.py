"""Motifs: kitchen, light and electronics."""

from gateway.shop.art.tones import Tones

_STEEL, _STEEL_DARK, _STEEL_LIGHT = "#9aa5ad", "#6d7880", "#c3cbd0"


def stove(t: Tones) -> str:
    return f"""
<path d="M170 154 Q150 122 180 96 Q178 122 196 128 Q190 100 214 78 Q212 112 232 122
 Q242 136 230 154Z" fill="#e98a3a"/>
<path d="M184 154 Q174 134 192 118 Q194 134 206 138 Q214 126 212 114 Q228 136 218 154Z"
 fill="#f7cf6b"/>
<path d="M124 96 h28 M248 96 h28 M138 96 L166 160 M262 96 L234 160" stroke="{_STEEL_DARK}"
 stroke-width="8" stroke-linecap="round"/>
<rect x="158" y="152" width="84" height="18" rx="6" fill="{_STEEL}"/>
<rect x="186" y="168" width="28" height="24" fill="{_STEEL_DARK}"/>
<path d="M214 178 h40" stroke="{t.accent}" stroke-width="8" stroke-linecap="round"/>
<path d="M142 206 Q142 188 164 188 H236 Q258 188 258 206 V236 Q258 252 240 252 H160
 Q142 252 142 236Z" fill="{t.base}"/>
<path d="M142 206 Q142 188 164 188 H200 V252 H160 Q142 252 142 236Z" fill="{t.light}" opacity=".5"/>
<rect x="142" y="214" width="116" height="16" fill="{t.deep}" opacity=".6"/>
"""


def pot(t: Tones) -> str:
    return f"""
<path d="M84 128 H300 L292 226 Q290 246 268 246 H116 Q94 246 92 226Z" fill="{t.base}"/>
<path d="M84 128 H170 V246 H116 Q94 246 92 226Z" fill="{t.light}" opacity=".55"/>
<rect x="76" y="116" width="232" height="18" rx="9" fill="{t.deep}"/>
<path d="M100 116 Q110 82 192 82 Q274 82 284 116Z" fill="{_STEEL}"/>
<path d="M100 116 Q110 82 192 82 V116Z" fill="{_STEEL_LIGHT}" opacity=".7"/>
<rect x="176" y="62" width="32" height="20" rx="8" fill="{t.accent}"/>
<path d="M302 152 H352 Q372 152 372 168 Q372 182 352 182 H298" fill="none" stroke="{t.deep}"
 stroke-width="10" stroke-linecap="round"/>
<path d="M112 206 H276" stroke="{t.dark}" stroke-width="5" opacity=".6"/>
"""


def mug(t: Tones) -> str:
    return f"""
<path d="M160 70 q-16 -16 0 -30 M200 70 q-16 -16 0 -30 M240 70 q-16 -16 0 -30" fill="none"
 stroke="{t.dark}" stroke-width="6" stroke-linecap="round" opacity=".4"/>
<path d="M278 128 Q346 124 338 176 Q330 220 272 212" fill="none" stroke="{t.dark}"
 stroke-width="18"/>
<path d="M114 94 H286 L276 228 Q274 250 250 250 H150 Q126 250 124 228Z" fill="{t.base}"/>
<path d="M114 94 H178 L182 250 H150 Q126 250 124 228Z" fill="{t.light}" opacity=".6"/>
<ellipse cx="200" cy="94" rx="86" ry="16" fill="{t.deep}"/>
<ellipse cx="200" cy="97" rx="74" ry="11" fill="#6b4630"/>
<path d="M150 196 l28 -40 l22 28 l16 -20 l34 32 z" fill="{t.accent}"/>
"""


def bottle(t: Tones) -> str:
    return f"""
<rect x="172" y="36" width="56" height="36" rx="8" fill="{t.deep}"/>
<path d="M186 36 Q200 10 214 36" fill="none" stroke="{t.deep}" stroke-width="8"/>
<path d="M176 72 H224 Q228 92 246 104 Q256 112 256 130 V228 Q256 252 232 252 H168
 Q144 252 144 228 V130 Q144 112 154 104 Q172 92 176 72Z" fill="{t.base}"/>
<path d="M176 72 H196 V252 H168 Q144 252 144 228 V130 Q144 112 154 104 Q172 92 176 72Z"
 fill="{t.light}" opacity=".6"/>
<rect x="144" y="146" width="112" height="56" fill="{t.dark}"/>
<path d="M164 192 l22 -30 l18 20 l12 -14 l24 24 z" fill="{t.accent}"/>
"""


def cutlery(t: Tones) -> str:
    return f"""
<path d="M132 52 V112 Q132 132 148 134 L144 248 H164 L160 134 Q176 132 176 112 V52 M147 52 V104
 M161 52 V104" fill="none" stroke="{_STEEL_DARK}" stroke-width="7" stroke-linecap="round"/>
<rect x="144" y="164" width="20" height="88" rx="9" fill="{t.base}"/>
<ellipse cx="246" cy="92" rx="27" ry="42" fill="{_STEEL}"/>
<ellipse cx="240" cy="86" rx="14" ry="27" fill="{_STEEL_LIGHT}"/>
<rect x="241" y="130" width="10" height="44" fill="{_STEEL_DARK}"/>
<rect x="236" y="164" width="20" height="88" rx="9" fill="{t.base}"/>
<circle cx="154" cy="236" r="4" fill="{t.accent}"/><circle cx="246" cy="236" r="4"
 fill="{t.accent}"/>
"""


def lantern(t: Tones) -> str:
    return f"""
<circle cx="200" cy="152" r="96" fill="#ffe7a3" opacity=".55"/>
<path d="M152 84 Q152 32 200 32 Q248 32 248 84" fill="none" stroke="{t.deep}" stroke-width="7"/>
<rect x="160" y="66" width="80" height="26" rx="9" fill="{t.base}"/>
<path d="M164 92 H236 L246 204 H154Z" fill="#fff3cd"/>
<path d="M178 92 L172 204 M222 92 L228 204" stroke="{t.dark}" stroke-width="4" opacity=".6"/>
<ellipse cx="200" cy="156" rx="15" ry="27" fill="#f6b73c"/>
<ellipse cx="200" cy="164" rx="8" ry="15" fill="#fff6da"/>
<path d="M148 204 H252 L262 240 Q262 252 246 252 H154 Q138 252 138 240Z" fill="{t.base}"/>
<path d="M148 204 H200 V252 H154 Q138 252 138 240Z" fill="{t.light}" opacity=".5"/>
<circle cx="200" cy="228" r="9" fill="{t.accent}"/>
"""


def headlamp(t: Tones) -> str:
    return f"""
<path d="M244 150 L392 92 V232 L244 186Z" fill="#ffe7a3" opacity=".6"/>
<path d="M70 168 Q72 92 168 96 L236 120 V206 L166 236 Q74 240 70 168Z" fill="none"
 stroke="{t.base}" stroke-width="24"/>
<path d="M82 150 Q96 110 160 110" fill="none" stroke="{t.light}" stroke-width="8" opacity=".8"/>
<rect x="196" y="112" width="70" height="106" rx="20" fill="{t.deep}"/>
<circle cx="240" cy="166" r="38" fill="{t.dark}"/>
<circle cx="244" cy="166" r="27" fill="#fff3cd"/>
<circle cx="248" cy="166" r="13" fill="#ffd766"/>
<rect x="206" y="100" width="34" height="14" rx="6" fill="{t.accent}"/>
"""


def power_bank(t: Tones) -> str:
    return f"""
<rect x="126" y="64" width="148" height="184" rx="22" fill="{t.base}"/>
<rect x="126" y="64" width="74" height="184" rx="22" fill="{t.light}" opacity=".5"/>
<path d="M212 104 L170 164 H198 L188 208 L232 146 H204Z" fill="{t.accent}"/>
<g fill="{t.deep}"><circle cx="160" cy="228" r="5"/><circle cx="180" cy="228" r="5"/>
<circle cx="200" cy="228" r="5"/><circle cx="220" cy="228" r="5" opacity=".35"/></g>
<path d="M200 64 Q200 34 244 36 Q306 40 300 96 Q296 130 318 138" fill="none" stroke="{t.deep}"
 stroke-width="8" stroke-linecap="round"/>
<rect x="310" y="130" width="26" height="18" rx="4" fill="{t.deep}" transform="rotate(14 323 139)"/>
"""


def watch(t: Tones) -> str:
    return f"""
<path d="M164 92 L172 30 H228 L236 92 M164 208 L172 270 H228 L236 208" fill="{t.base}"/>
<path d="M172 30 H200 V270 H172 L160 150Z" fill="{t.light}" opacity=".35"/>
<circle cx="200" cy="150" r="80" fill="{t.deep}"/>
<circle cx="200" cy="150" r="64" fill="#f4f1ea"/>
<path d="M200 150 L200 106 M200 150 L232 166" stroke="{t.deep}" stroke-width="7"
 stroke-linecap="round"/>
<path d="M200 94 v10 M200 196 v10 M144 150 h10 M246 150 h10" stroke="{t.accent}" stroke-width="6"/>
<rect x="278" y="142" width="14" height="18" rx="4" fill="{t.accent}"/>
"""


def torch(t: Tones) -> str:
    return f"""
<path d="M250 132 L388 62 V238 L250 172Z" fill="#ffe7a3" opacity=".6"/>
<path d="M196 126 L254 112 V192 L196 178Z" fill="{t.deep}"/>
<path d="M248 112 h14 v80 h-14z" fill="#fff3cd"/>
<rect x="52" y="128" width="148" height="48" rx="12" fill="{t.base}"/>
<rect x="52" y="128" width="148" height="20" rx="10" fill="{t.light}" opacity=".6"/>
<path d="M78 130 v44 M92 130 v44 M106 130 v44" stroke="{t.dark}" stroke-width="5"/>
<rect x="136" y="118" width="34" height="14" rx="6" fill="{t.accent}"/>
<path d="M56 168 Q30 200 52 226" fill="none" stroke="{t.deep}" stroke-width="5"
 stroke-linecap="round"/>
"""


def radio(t: Tones) -> str:
    return f"""
<path d="M268 108 L326 30" stroke="{_STEEL_DARK}" stroke-width="6" stroke-linecap="round"/>
<path d="M116 104 Q116 66 200 66 Q284 66 284 104" fill="none" stroke="{t.deep}" stroke-width="9"/>
<rect x="72" y="100" width="256" height="148" rx="24" fill="{t.base}"/>
<rect x="72" y="100" width="256" height="62" rx="24" fill="{t.light}" opacity=".5"/>
<circle cx="146" cy="174" r="50" fill="{t.deep}"/>
<circle cx="146" cy="174" r="36" fill="{t.dark}"/>
<circle cx="146" cy="174" r="12" fill="{t.deep}"/>
<rect x="216" y="132" width="88" height="36" rx="6" fill="#fff3cd"/>
<path d="M228 150 H292" stroke="{t.deep}" stroke-width="3"/>
<path d="M254 138 v24" stroke="{t.accent}" stroke-width="4"/>
<circle cx="238" cy="206" r="16" fill="{t.deep}"/><circle cx="284" cy="206" r="16"
 fill="{t.accent}"/>
"""
