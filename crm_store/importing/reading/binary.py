"""Telling files that are no text, and what they are instead."""

from crm_store.importing.errors import UnreadableFile
from crm_store.importing.reading.encoding import detect_encoding

_KINDS = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x1f\x8b", "a gzip archive within another"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"BZh91AY&SY", "a bzip2 archive"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
)
_TAR = slice(257, 262)
_LOOKED_AT = 1 << 16
# What text has none of, in any encoding: not NULs, which broken exports have, nor tabs and line
# ends, Ctrl-Z, ESC (Japanese, ISO 2022) and the four separators of ASCII.
_ODD = bytes({*range(1, 32), 127} - {*range(9, 14), *range(26, 32)})
_MOST_ODD = 0.02


def refuse_binary(sample: bytes, *, encoding: str | None, delimiter: str | None) -> None:
    """Refuse what is no text file.

    Args:
        sample: its beginning.
        encoding, delimiter: as a person said; odd bytes may then be what they seem not to be.

    Raises:
        UnreadableFile: names what the file looks like.
    """
    for start, kind in _KINDS:
        if sample.startswith(start):
            raise UnreadableFile(f"not a text file but {kind}")
    if sample[_TAR] == b"ustar":
        raise UnreadableFile("not a text file but a tar archive")
    found, mark, _ = detect_encoding(sample)
    if encoding is not None or mark or found != "utf-8":
        return
    looked_at = sample[:_LOOKED_AT]
    odd = _ODD.replace((delimiter or "\t").encode()[:1], b"")
    if len(looked_at) - len(looked_at.translate(None, odd)) > len(looked_at) * _MOST_ODD:
        raise UnreadableFile(
            "not a text file (if it is one, name its encoding, like --encoding utf-16-le)"
        )
