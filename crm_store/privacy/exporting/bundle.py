"""The ZIP: ``data.json``, ``schema.json``, ``index.html`` and the files that the person sent."""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker
from crm_store.customers.scope import find_customer
from crm_store.permissions import Permission, require
from crm_store.privacy.classified import Classified
from crm_store.privacy.exporting.page import render
from crm_store.privacy.exporting.rows import Row, exported_rows
from crm_store.privacy.exporting.schema import FORMAT, VERSION, export_schema
from crm_store.privacy.exporting.words import words_for
from crm_store.privacy.identifiers import records_of
from crm_store.privacy.personal import exported
from foundation.clock import utc_now

MEDIA_TYPE = "application/zip"
_to_json = json.JSONEncoder(ensure_ascii=False).encode
Progress = Callable[[int, int], None]


class SubjectExport:
    """Writes one person's copy; a row at a time, so that its size does not matter.

    Raises:
        NotAllowed: the asker is neither the customer nor somebody who manages privacy.
        CustomerNotFound: absent, or outside the asker's scope.
    """

    def __init__(self, session: Session, customer_id: UUID, *, asker: Asker) -> None:
        if not isinstance(asker, AsCustomer):
            require(asker, Permission.PRIVACY_MANAGE)
        customer = find_customer(session, customer_id, asker=asker)
        self._session = session
        self._records = records_of(session, customer.id)
        self._words = words_for(customer.locale)
        self._made_at = utc_now().isoformat(timespec="seconds")
        self._lines = {str(line.export): line for line in exported()}
        self._counts = dict.fromkeys(self._lines, 0)
        self.filename = f"kefu-{customer.id}.zip"
        """Names nobody: it may stand in a browser's list and in a header."""

    def write(
        self, file: IO[bytes], attachments: Path, *, progress: Progress | None = None
    ) -> None:
        """Write the ZIP.

        Args:
            file: takes it; need not be seekable.
            attachments: the folder with the bytes of attachments.
            progress: called with how many parts of how many are done.
        """
        parts = (
            ("data.json", self._data),
            ("schema.json", lambda: iter([json.dumps(export_schema(), indent=1)])),
            ("index.html", self._page),
        )
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (name, pieces) in enumerate(parts):
                with archive.open(name, "w", force_zip64=True) as entry:
                    for piece in pieces():
                        entry.write(piece.encode())
                if progress is not None:
                    progress(number + 1, len(parts) + 1)
            self._add_files(archive, attachments)
        if progress is not None:
            progress(len(parts) + 1, len(parts) + 1)

    def _data(self) -> Iterator[str]:
        head = {"format": FORMAT, "version": VERSION, "made_at": self._made_at}
        yield _to_json(head)[:-1]
        for name, line in self._lines.items():
            yield f',\n"{name}": ['
            before = ""
            self._counts[name] = 0
            for row in self._rows(line):
                self._counts[name] += 1
                yield f"{before}\n{_to_json(row)}"
                before = ","
            yield "]"
        yield "}\n"

    def _page(self) -> Iterator[str]:
        # Written after the data, whose rows have been counted.
        return render(
            self._counts,
            lambda name: self._rows(self._lines[name]),
            lambda chat: self._rows(self._lines["messages"], conversation_id=UUID(chat)),
            words=self._words,
            made_at=self._made_at,
        )

    def _add_files(self, archive: zipfile.ZipFile, folder: Path) -> None:
        for row in self._rows(self._lines["attachments"]):
            source = folder / row["id"]
            if not source.is_file():
                continue
            # The id keeps equal names apart, and a name cannot lead out of the folder.
            name = f"attachments/{row['id']}/{Path(row['filename']).name}"
            with archive.open(name, "w", force_zip64=True) as entry, source.open("rb") as content:
                shutil.copyfileobj(content, entry)

    def _rows(self, line: Classified, **where: UUID) -> Iterator[Row]:
        return exported_rows(self._session, line, self._records, where=where)
