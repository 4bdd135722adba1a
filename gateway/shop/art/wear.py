"""Motifs: what one wears."""

from gateway.shop.art.tones import Tones


def boot(t: Tones) -> str:
    laces = "".join(
        f'<path d="M{184 + i * 9} {98 + i * 19} l34 -8" stroke="{t.accent}" stroke-width="6" '
        f'stroke-linecap="round"/>'
        for i in range(4)
    )
    return f"""
<path d="M118 62 L196 54 L222 152 Q250 172 304 178 Q340 184 342 222 L92 222 Q86 190 104 150 Z"
 fill="{t.base}"/>
<path d="M118 62 L160 58 L152 222 L92 222 Q86 190 104 150Z" fill="{t.dark}"/>
<path d="M112 66 Q150 42 200 50 L204 76 Q156 72 114 88Z" fill="{t.deep}"/>
<path d="M262 176 Q336 174 342 222 L256 222 Q250 196 262 176Z" fill="{t.dark}"/>
<path d="M180 74 L196 54 L222 152 Q236 164 258 172 L240 190 Q204 178 194 150Z" fill="{t.light}"/>
{laces}
<path d="M84 218 H346 Q352 236 338 246 H104 Q84 242 84 218Z" fill="{t.deep}"/>
<path d="M100 246 v8 h22 v-8 M146 246 v8 h22 v-8 M192 246 v8 h22 v-8 M238 246 v8 h22 v-8
 M284 246 v8 h22 v-8" fill="{t.deep}"/>
<path d="M84 224 H346" stroke="{t.accent}" stroke-width="5"/>
"""


def trail_shoe(t: Tones) -> str:
    laces = "".join(
        f'<path d="M{196 + i * 20} {130 + i * 11} l24 -13" stroke="{t.light}" stroke-width="6" '
        f'stroke-linecap="round"/>'
        for i in range(4)
    )
    return f"""
<path d="M66 214 Q58 150 96 108 Q118 132 152 124 Q176 116 194 104 Q226 160 300 176
 Q350 186 352 220 L346 232 H74Z" fill="{t.base}"/>
<path d="M66 214 Q58 150 96 108 Q118 132 152 124 Q140 180 128 232 H74Z" fill="{t.dark}"/>
<path d="M152 124 Q176 116 194 104 Q226 160 300 176 Q280 190 250 190 Q186 184 152 124Z"
 fill="{t.deep}"/>
{laces}
<path d="M150 214 Q208 160 262 206" fill="none" stroke="{t.accent}" stroke-width="12"
 stroke-linecap="round"/>
<path d="M62 208 Q120 232 200 222 Q290 212 356 220 Q362 246 336 250 H92 Q62 244 62 208Z"
 fill="{t.light}"/>
<path d="M70 236 Q200 262 350 238 L346 250 Q200 262 88 252Z" fill="{t.deep}"/>
"""


def sandal(t: Tones) -> str:
    return f"""
<path d="M62 220 Q60 200 96 198 Q200 204 300 196 Q348 196 350 222 Q350 244 322 246 H92
 Q64 244 62 220Z" fill="{t.deep}"/>
<path d="M62 214 Q62 196 96 196 Q200 202 300 192 Q346 192 350 214 Q200 232 62 214Z"
 fill="{t.light}"/>
<path d="M96 204 Q104 126 150 118 Q184 128 178 206" fill="none" stroke="{t.base}"
 stroke-width="22"/>
<path d="M236 204 Q248 146 284 150 Q316 160 312 202" fill="none" stroke="{t.base}"
 stroke-width="22"/>
<path d="M176 150 Q220 150 252 172" fill="none" stroke="{t.dark}" stroke-width="16"/>
<rect x="132" y="108" width="34" height="22" rx="6" fill="{t.accent}"/>
"""


def jacket(t: Tones) -> str:
    return f"""
<path d="M148 74 L96 98 Q76 110 70 140 L52 224 L92 236 L116 156 Z" fill="{t.dark}"/>
<path d="M252 74 L304 98 Q324 110 330 140 L348 224 L308 236 L284 156 Z" fill="{t.deep}"
 opacity=".9"/>
<path d="M148 74 Q200 96 252 74 L292 108 L284 250 H116 L108 108Z" fill="{t.base}"/>
<path d="M148 74 Q172 90 200 90 V250 H116 L108 108Z" fill="{t.light}" opacity=".55"/>
<path d="M150 80 Q140 34 200 32 Q260 34 250 80 Q228 104 200 104 Q172 104 150 80Z" fill="{t.dark}"/>
<path d="M166 78 Q160 48 200 46 Q240 48 234 78 Q220 92 200 92 Q180 92 166 78Z" fill="{t.deep}"/>
<path d="M200 92 V250" stroke="{t.accent}" stroke-width="6"/>
<path d="M132 190 L172 178 M268 190 L228 178" stroke="{t.deep}" stroke-width="6"
 stroke-linecap="round"/>
<path d="M222 134 H262" stroke="{t.accent}" stroke-width="6" stroke-linecap="round"/>
<path d="M116 238 H284" stroke="{t.deep}" stroke-width="4" opacity=".5"/>
"""


def shirt(t: Tones) -> str:
    return f"""
<path d="M146 70 L86 98 L58 158 L102 178 L116 150 V250 H284 V150 L298 178 L342 158 L314 98 L254 70
 Q200 112 146 70Z" fill="{t.base}"/>
<path d="M146 70 L86 98 L58 158 L102 178 L116 150 V250 H200 V92 Q168 92 146 70Z" fill="{t.light}"
 opacity=".5"/>
<path d="M146 70 Q200 112 254 70 L242 66 Q200 96 158 66Z" fill="{t.deep}"/>
<path d="M116 196 L284 158 V182 L116 220Z" fill="{t.accent}"/>
<path d="M116 150 V206 M284 150 V206" stroke="{t.dark}" stroke-width="4" opacity=".6"/>
"""


def trousers(t: Tones) -> str:
    return f"""
<path d="M128 56 H272 L290 250 H220 L200 128 L180 250 H110Z" fill="{t.base}"/>
<path d="M128 56 H200 V128 L180 250 H110Z" fill="{t.light}" opacity=".5"/>
<rect x="126" y="52" width="148" height="22" rx="6" fill="{t.dark}"/>
<rect x="190" y="54" width="20" height="18" rx="4" fill="{t.accent}"/>
<path d="M140 92 Q150 112 128 118 M260 92 Q250 112 272 118" fill="none" stroke="{t.deep}"
 stroke-width="5" stroke-linecap="round"/>
<rect x="230" y="158" width="46" height="44" rx="6" fill="{t.dark}"/>
"""


def cap(t: Tones) -> str:
    return f"""
<path d="M94 186 Q92 90 196 86 Q290 90 296 178 Z" fill="{t.base}"/>
<path d="M94 186 Q92 90 196 86 Q166 120 164 182Z" fill="{t.light}" opacity=".6"/>
<path d="M196 86 Q240 120 244 180 L296 178 Q290 90 196 86Z" fill="{t.dark}"/>
<path d="M162 182 Q252 160 306 178 Q366 192 372 214 Q280 196 160 212 Q128 208 94 186Z"
 fill="{t.deep}"/>
<circle cx="196" cy="86" r="9" fill="{t.accent}"/>
<rect x="174" y="132" width="54" height="26" rx="8" fill="{t.accent}"/>
"""


def gloves(t: Tones) -> str:
    return f"""
<path d="M96 246 V168 Q60 142 74 122 Q88 112 108 140 V86 Q110 70 124 72 Q136 74 138 90 V76
 Q142 60 156 64 Q168 68 168 84 V92 Q174 80 186 86 Q194 92 194 106 V200 L186 246Z" fill="{t.base}"/>
<path d="M304 246 V168 Q340 142 326 122 Q312 112 292 140 V86 Q290 70 276 72 Q264 74 262 90 V76
 Q258 60 244 64 Q232 68 232 84 V92 Q226 80 214 86 Q206 92 206 106 V200 L214 246Z" fill="{t.dark}"/>
<path d="M94 210 H190 V232 H94Z M306 210 H210 V232 H306Z" fill="{t.accent}"/>
"""


def socks(t: Tones) -> str:
    def sock(shift: int, base: str, edge: str) -> str:
        return f"""
<path d="M{120 + shift} 62 H{182 + shift} V160 Q{186 + shift} 186 {226 + shift} 200
 Q{256 + shift} 214 {246 + shift} 236 Q{238 + shift} 250 {212 + shift} 248 L{150 + shift} 234
 Q{120 + shift} 226 {120 + shift} 190Z" fill="{base}"/>
<rect x="{116 + shift}" y="54" width="70" height="26" rx="8" fill="{edge}"/>
<path d="M{121 + shift} 98 h60 M{121 + shift} 116 h60" stroke="{t.accent}" stroke-width="7"/>
<path d="M{216 + shift} 247 Q{222 + shift} 216 {246 + shift} 212 Q{256 + shift} 240
 {212 + shift} 248Z" fill="{edge}"/>"""

    return sock(64, t.dark, t.deep) + sock(0, t.base, t.light)


def gaiters(t: Tones) -> str:
    def gaiter(shift: int, base: str, edge: str) -> str:
        return f"""
<path d="M{106 + shift} 60 H{182 + shift} L{192 + shift} 214 L{204 + shift} 246 H{92 + shift}
 L{100 + shift} 214Z" fill="{base}"/>
<path d="M{106 + shift} 60 H{144 + shift} V246 H{92 + shift} L{100 + shift} 214Z" fill="{edge}"
 opacity=".5"/>
<rect x="{102 + shift}" y="54" width="84" height="20" rx="8" fill="{t.deep}"/>
<path d="M{166 + shift} 78 L{176 + shift} 240" stroke="{t.accent}" stroke-width="6"/>
<path d="M{98 + shift} 246 Q{148 + shift} 276 {198 + shift} 246" fill="none" stroke="{t.deep}"
 stroke-width="6"/>"""

    return gaiter(104, t.dark, t.base) + gaiter(0, t.base, t.light)


def shorts(t: Tones) -> str:
    return f"""
<path d="M110 70 H290 L326 230 L222 244 L200 156 L178 244 L74 230Z" fill="{t.base}"/>
<path d="M110 70 H200 V156 L178 244 L74 230Z" fill="{t.light}" opacity=".5"/>
<rect x="108" y="62" width="184" height="24" rx="8" fill="{t.dark}"/>
<path d="M190 86 q-10 26 -2 40 M210 86 q10 26 2 40" fill="none" stroke="{t.deep}" stroke-width="4"/>
<path d="M300 120 L322 214 L302 234 L282 120Z M100 120 L78 214 L98 234 L118 120Z"
 fill="{t.accent}"/>
"""
