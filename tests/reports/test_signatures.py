"""PDF files that are signed: what readers see, what changes of a file are refused, and a key that cannot sign."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.checks import run_checks
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from apps.core.pdfkeys import PdfKey, make_key, pdf_key
from apps.core.pdfseals import NotSigned, check_pdf, sign_pdf
from apps.reports import services
from apps.reports.pdf import RenderedPdf, render_pdf
from tests.people import Cast
from tests.reports import papers, ua
from tests.reports.rows import small_result
from tests.reports.test_flow import ask

ADDED = "Something was added to the file after it was signed."
DAMAGED = "The file is damaged, or is no PDF."
PAGE = "<html><head></head><body><h1>Level 3</h1><p>Established.</p></body></html>"


@pytest.fixture
def keyed(settings: Any, tmp_path: Path) -> x509.Certificate:
    """A site that signs, with a key made by its own command."""
    call_command("make_pdf_key", str(tmp_path / "keys"), name="Cyber Office of Avaria", stdout=StringIO())
    settings.PDF_KEY_FILE = str(tmp_path / "keys/pdf-key.p12")
    settings.PDF_KEY_PASSPHRASE_FILE = str(tmp_path / "keys/pdf-key.pass")
    return x509.load_pem_x509_certificate((tmp_path / "keys/pdf-certificate.pem").read_bytes())


def use_pem(settings: Any, tmp_path: Path, key: PdfKey) -> None:
    (tmp_path / "k.pem").write_bytes(key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "c.pem").write_bytes(key.certificate.public_bytes(Encoding.PEM))
    settings.PDF_KEY_FILE, settings.PDF_CERTIFICATE_FILE = str(tmp_path / "k.pem"), str(tmp_path / "c.pem")


def rendered() -> bytes:
    return render_pdf(PAGE, language="en", title="Level").content


def test_without_a_key_nothing_is_signed() -> None:
    content = rendered()
    assert sign_pdf(content).content == content
    assert check_pdf(content, trusted=[]).fault == "The file carries no signature."


def test_signed_file_can_still_be_read_by_everybody(keyed: x509.Certificate) -> None:
    html = papers.html_of(papers.KINDS["brief"], "ar")
    made = render_pdf(html, language="ar", title="One page")
    assert made.signed_by
    assert ua.validated(made.content) == []


def test_signed_file_begins_with_the_bytes_of_the_unsigned_one(
    keyed: x509.Certificate, settings: Any
) -> None:
    first, second = rendered(), rendered()
    settings.PDF_KEY_FILE = ""
    plain = rendered()
    assert first != second
    assert first.startswith(plain)
    assert second.startswith(plain)


def test_untouched_file_is_valid_and_names_its_signer(keyed: x509.Certificate) -> None:
    found = check_pdf(rendered(), trusted=[keyed])
    assert (found.fault, found.name, found.stamped) == ("", "Cyber Office of Avaria", False)
    assert len(found.fingerprint) == 64


def test_signature_is_hidden_allows_no_change_and_keeps_the_tags(keyed: x509.Certificate) -> None:
    with pikepdf.open(BytesIO(rendered())) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        assert (str(field.FT), int(field.F) & 2, str(field.V.SubFilter)) == (
            "/Sig",
            2,
            "/ETSI.CAdES.detached",
        )
        assert int(pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 1
        assert pdf.Root.StructTreeRoot is not None
        with pdf.open_metadata() as data:
            assert data["pdfuaid:part"] == "1"


def test_changed_bits_are_each_refused(keyed: x509.Certificate) -> None:
    """S-36, in small: 300 places of the file, each changed in one bit."""
    content, luck = rendered(), random.Random(36)
    start = content.index(b"/Contents <") + len(b"/Contents <")
    end = content.index(b">", start)
    padding = end - len(content[start:end].rstrip(b"0")) + start  # zeros after the signature say nothing
    places = [place for place in range(len(content)) if not end - padding <= place < end]
    for place in luck.sample(places, 300):
        changed = bytearray(content)
        changed[place] ^= 1 << luck.randrange(8)
        assert check_pdf(bytes(changed), trusted=[keyed]).fault, place


@pytest.mark.parametrize("more", [b"\n", b"% comment\n", b"\x00" * 9, b"\n%%EOF\n"])
def test_appended_bytes_are_refused(keyed: x509.Certificate, more: bytes) -> None:
    found = check_pdf(rendered() + more, trusted=[keyed])
    assert found.fault in (ADDED, DAMAGED)
    assert found.fault == ADDED or b"EOF" in more


def test_further_revision_is_refused(keyed: x509.Certificate) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    content = rendered()
    writer = IncrementalPdfFileWriter(BytesIO(content))
    writer.root["/Lang"] = generic.pdf_string("fr")
    writer.update_root()
    target = BytesIO()
    writer.write(target)
    assert target.getvalue().startswith(content)
    assert "added" in check_pdf(target.getvalue(), trusted=[keyed]).fault


def test_second_signature_and_lost_signature_are_refused(keyed: x509.Certificate) -> None:
    content = rendered()
    target = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        del pdf.Root.AcroForm
        del pdf.Root.Perms
        del pdf.pages[0].Annots
        pdf.save(target)
    assert check_pdf(target.getvalue(), trusted=[keyed]).fault == "The file carries no signature."
    with pytest.raises(NotSigned):
        sign_pdf(content)


def test_certificate_of_another_is_refused(keyed: x509.Certificate) -> None:
    twin = make_key("Cyber Office of Avaria", days=30)
    found = check_pdf(rendered(), trusted=[twin.certificate])
    assert found.fault == "The file is signed, but by a certificate that is not the one of this site."


def test_certificate_that_ended_since_still_checks(
    keyed: x509.Certificate, settings: Any, tmp_path: Path
) -> None:
    content = rendered()
    settings.PDF_KEY_FILE = settings.PDF_KEY_PASSPHRASE_FILE = ""
    settings.PDF_OLD_CERTIFICATES_FILE = str(tmp_path / "keys/pdf-certificate.pem")
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    out = StringIO()
    call_command("check_pdf", str(path), stdout=out)
    assert out.getvalue().startswith("VALID. Signed by Cyber Office of Avaria on ")


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7", b"\x00" * 200, b"%PDF-1.7\nstartxref\n99999\n%%EOF"])
def test_junk_is_refused_in_words(keyed: x509.Certificate, junk: bytes) -> None:
    assert check_pdf(junk, trusted=[keyed]).fault == DAMAGED


def test_command_refuses_in_words(keyed: x509.Certificate, settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(rendered() + b" ")
    with pytest.raises(CommandError, match=r"NOT VALID\. Something was added"):
        call_command("check_pdf", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("check_pdf", str(tmp_path / "none.pdf"))
    settings.PDF_KEY_FILE = ""
    with pytest.raises(CommandError, match="signs no PDF files"):
        call_command("check_pdf", str(path))
    with pytest.raises(CommandError, match="is there already"):
        call_command("make_pdf_key", str(tmp_path / "keys"), name="Again")


def said(keyword: str = "signing") -> list[tuple[str | None, str]]:
    return [(found.id, found.msg) for found in run_checks(tags=[keyword])]


def test_check_names_a_key_that_cannot_sign(settings: Any, tmp_path: Path) -> None:
    assert said() == []
    settings.PDF_KEY_FILE = str(tmp_path / "none.p12")
    assert said()[0][0] == "core.E006"
    use_pem(settings, tmp_path, make_key("Office", days=400))
    assert said() == []
    (tmp_path / "c.pem").write_bytes(make_key("Office", days=400).certificate.public_bytes(Encoding.PEM))
    assert "belongs to another key" in said()[0][1]
    (tmp_path / "k.pem").write_bytes(b"-----BEGIN junk")
    assert "not readable" in said()[0][1]
    settings.PDF_KEY_FILE = ""
    assert "BELAY_PDF_KEY_FILE is not" in said()[0][1]


def test_check_warns_of_an_end_that_is_near(settings: Any, tmp_path: Path) -> None:
    use_pem(settings, tmp_path, make_key("Office", days=20))
    (number, words), *_ = said()
    assert (number, "the certificate ends on" in words) == ("core.W006", True)


def test_weak_keys_are_not_taken(settings: Any, tmp_path: Path) -> None:
    weak = make_key("Office", days=20)
    key = ec.generate_private_key(ec.SECP192R1())
    (tmp_path / "k.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "c.pem").write_bytes(weak.certificate.public_bytes(Encoding.PEM))
    settings.PDF_KEY_FILE, settings.PDF_CERTIFICATE_FILE = str(tmp_path / "k.pem"), str(tmp_path / "c.pem")
    assert said()[0][0] == "core.E006"


def test_certificate_that_is_over_signs_nothing(settings: Any, tmp_path: Path) -> None:
    use_pem(settings, tmp_path, make_key("Office", days=5, at=datetime.now(UTC) - timedelta(days=9)))
    assert said()[0][0] == "core.W006"
    with pytest.raises(NotSigned):
        rendered()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One page in place of the whole report, through the same door."""

    def engine(html: str, *, language: str, title: str, progress: Any) -> RenderedPdf:
        return render_pdf(PAGE, language=language, title=title)

    monkeypatch.setattr(services.rendering, "render_pdf", engine)


@pytest.mark.django_db
def test_report_says_who_signed_it(cast: Cast, keyed: x509.Certificate, small: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.render_report(report=report.public_id)
    report.refresh_from_db()
    key = pdf_key()
    assert key is not None
    assert (report.state, report.signed_by, report.certificate) == ("ready", key.name, key.fingerprint)
    with default_storage.open(str(report.file)) as file:
        assert check_pdf(file.read(), trusted=[keyed]).fault == ""
    reader = Client()
    shown = reader.get(f"/verify/report/{report.public_id}/").content.decode()
    assert key.fingerprint[:4].upper() + " " + key.fingerprint[4:8].upper() in shown
    reader.force_login(cast.lead)
    assert "Cyber Office of Avaria" in reader.get(f"/reports/{report.public_id}/").content.decode()
    published = reader.get("/.well-known/belay-pdf-certificates.pem").content
    assert x509.load_pem_x509_certificates(published) == [keyed]


@pytest.mark.django_db
def test_report_that_cannot_be_signed_fails_in_words(
    cast: Cast, settings: Any, tmp_path: Path, small: None
) -> None:
    settings.PDF_KEY_FILE = str(tmp_path / "gone.p12")
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    for attempt in (1, 2, 3):
        with pytest.raises(NotSigned):
            services.render_report(report=report.public_id, attempt=attempt)
    services.render_report(report=report.public_id, attempt=4)
    report.refresh_from_db()
    assert (report.state, report.signed_by) == ("failed", "")
    assert report.error.startswith("The report could not be signed.")
