"""Motifs: what one sleeps in, on and under. Each fills the frame 400 by 300."""

from gateway.shop.art.tones import Tones


def dome_tent(t: Tones) -> str:
    return f"""
<path d="M52 244 Q74 84 200 70 Q326 84 348 244 Z" fill="{t.base}"/>
<path d="M200 70 Q326 84 348 244 L262 244 Q252 118 200 70 Z" fill="{t.dark}"/>
<path d="M200 70 Q148 118 138 244 L52 244 Q74 84 200 70 Z" fill="{t.light}"/>
<path d="M200 112 Q166 158 160 244 L240 244 Q234 158 200 112 Z" fill="{t.deep}"/>
<path d="M200 112 Q186 168 186 244 L160 244 Q166 158 200 112 Z" fill="{t.accent}"/>
<path d="M52 244 Q74 84 200 70 Q326 84 348 244" fill="none" stroke="{t.deep}" stroke-width="4"/>
<path d="M138 244 Q148 118 200 70 Q252 118 262 244" fill="none" stroke="{t.deep}" stroke-width="3"
 opacity=".55"/>
<path d="M66 200 L26 246 M334 200 L374 246" stroke="{t.deep}" stroke-width="2" opacity=".7"/>
<path d="M22 240 l7 12 M378 240 l-7 12" stroke="{t.accent}" stroke-width="5"
 stroke-linecap="round"/>
"""


def ridge_tent(t: Tones) -> str:
    return f"""
<path d="M128 78 L286 62 L366 232 L212 246 Z" fill="{t.light}"/>
<path d="M128 78 L212 246 L44 246 Z" fill="{t.base}"/>
<path d="M128 78 L128 246 L44 246 Z" fill="{t.dark}" opacity=".55"/>
<path d="M128 106 L172 246 L92 246 Z" fill="{t.deep}"/>
<path d="M128 106 L128 246 L92 246 Z" fill="{t.accent}"/>
<path d="M286 62 L300 238" stroke="{t.base}" stroke-width="3" opacity=".6"/>
<path d="M128 78 L286 62" stroke="{t.deep}" stroke-width="5" stroke-linecap="round"/>
<path d="M128 78 L22 244 M286 62 L382 226" stroke="{t.deep}" stroke-width="2" opacity=".6"/>
<path d="M20 238 l6 12 M384 220 l-6 12" stroke="{t.accent}" stroke-width="5"
 stroke-linecap="round"/>
"""


def tarp(t: Tones) -> str:
    return f"""
<path d="M40 132 Q120 112 200 64 Q280 112 360 132 L322 180 Q260 150 200 118 Q140 150 78 180 Z"
 fill="{t.base}"/>
<path d="M200 64 Q280 112 360 132 L322 180 Q260 150 200 118 Z" fill="{t.dark}"/>
<path d="M200 64 L200 118" stroke="{t.deep}" stroke-width="3" opacity=".5"/>
<path d="M78 180 L78 246 M322 180 L322 246" stroke="{t.deep}" stroke-width="6"
 stroke-linecap="round"/>
<path d="M40 132 L14 246 M360 132 L386 246" stroke="{t.deep}" stroke-width="2" opacity=".6"/>
<path d="M158 246 l12 -34 h60 l12 34 z" fill="{t.accent}"/>
<path d="M170 212 h60 l4 12 h-68 z" fill="{t.light}"/>
"""


def sleeping_bag(t: Tones) -> str:
    quilting = "".join(
        f'<path d="M{96 + i * 44} {116 + i * 5} q14 40 0 {92 - i * 7}" fill="none" '
        f'stroke="{t.dark}" stroke-width="3" opacity=".5"/>'
        for i in range(6)
    )
    return f"""
<path d="M44 162 Q40 92 112 98 L344 134 Q372 140 372 166 Q372 196 340 200 L112 230 Q48 232 44 162Z"
 fill="{t.base}"/>
<path d="M112 98 L344 134 Q372 140 372 166 L118 160 Q80 156 60 126 Q76 94 112 98Z"
 fill="{t.light}"/>
{quilting}
<ellipse cx="92" cy="164" rx="38" ry="46" fill="{t.deep}"/>
<ellipse cx="98" cy="166" rx="28" ry="36" fill="{t.accent}"/>
<ellipse cx="104" cy="168" rx="18" ry="25" fill="{t.deep}" opacity=".45"/>
<path d="M130 172 L356 170" stroke="{t.deep}" stroke-width="4" stroke-dasharray="2 5"/>
"""


def rolled_mat(t: Tones) -> str:
    return f"""
<rect x="92" y="112" width="236" height="118" rx="59" fill="{t.base}"/>
<path d="M150 112 H269 A59 59 0 0 1 328 171 H92 A59 59 0 0 1 150 112Z" fill="{t.light}"/>
<circle cx="122" cy="171" r="59" fill="{t.dark}"/>
<circle cx="122" cy="171" r="46" fill="{t.base}"/>
<path d="M122 171 m-34 0 a34 34 0 1 1 34 34 a24 24 0 1 1 24 -24 a14 14 0 1 1 -14 14" fill="none"
 stroke="{t.deep}" stroke-width="6" stroke-linecap="round"/>
<rect x="206" y="108" width="18" height="126" rx="5" fill="{t.accent}"/>
<rect x="276" y="110" width="18" height="122" rx="5" fill="{t.accent}"/>
<path d="M215 112 Q250 70 285 112" fill="none" stroke="{t.deep}" stroke-width="8"
 stroke-linecap="round"/>
"""


def pillow(t: Tones) -> str:
    return f"""
<path d="M70 128 Q60 96 98 100 Q200 84 302 100 Q340 96 330 128 Q344 170 330 210 Q338 240 302 236
 Q200 250 98 236 Q62 240 70 210 Q56 170 70 128Z" fill="{t.base}"/>
<path d="M70 128 Q60 96 98 100 Q200 84 302 100 Q340 96 330 128 Q200 150 70 128Z" fill="{t.light}"/>
<path d="M112 206 Q200 222 288 206" fill="none" stroke="{t.dark}" stroke-width="5"
 stroke-linecap="round" opacity=".6"/>
<rect x="300" y="150" width="34" height="40" rx="8" fill="{t.accent}"/>
"""
