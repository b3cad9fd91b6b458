"""Three people at once, from the opened round to the signed result and its checked file; outside the demonstration."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re
import secrets
import shutil
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import axe, overflows
from tests.e2e.test_journeys import follow, press
from tests.stack import ROOT, Stack

PASSWORD = "the-rope-holds-in-any-weather-7"  # noqa: S105
PEOPLE = """
from allauth.account.models import EmailAddress
from tests.factories import *
nation = NationFactory(name="Veldara")
agency = OrganisationFactory(name="National CERT of Veldara", nation=nation)
programme = ProgrammeFactory(name="Meridian programme")
take_part(programme, nation, agency)
small_version()
def person(address, name):
    user = UserFactory(email=address, full_name=name)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user
manage(programme, person("ines@example.org", "Ines Okoro"))
join(agency, person("leila@example.org", "Leila Marwan"), "lead")
join(agency, person("tomas@example.org", "Tomas Ekwe"), "respondent")
print(json.dumps(agency.public_id))
"""
LATER = """
from django.contrib.sessions.models import Session
from importlib import import_module
from django.conf import settings
for row in Session.objects.all():
    store = import_module(settings.SESSION_ENGINE).SessionStore(row.session_key)
    for proof in store.get("account_authentication_methods", []):
        proof["at"] -= 600
    store.save()
print(1)
"""


class SecureSite(Stack):
    """The site as members have it: TLS, keys of its own, a second factor for those who can harm."""

    def __init__(self, place: Path) -> None:
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        super().__init__(
            place, BELAY_DEMO="", SECRET_KEY=secrets.token_urlsafe(48), BELAY_FIELD_KEY=secrets.token_urlsafe(48),
            BELAY_SIGNING_KEY=key, EMAIL_URL="smtp://127.0.0.1:9",
        )  # fmt: skip
        self.url = self.url.replace("http:", "https:")
        self.environment["SITE_URL"] = self.url

    def prepare(self, demo: bool = False) -> None:
        self.place.mkdir(parents=True, exist_ok=True)
        certify(self.place)
        for command in (["collectstatic", "--noinput", "--verbosity", "0"], ["migrate", "--verbosity", "0"], ["createcachetable"]):  # fmt: skip
            self.run(*command)

    def command(self, name: str) -> list[str]:
        """A browser opens connections ahead of need, and each holds a thread until it speaks: three phones want many."""
        tls = ["--certfile", str(self.place / "cert.pem"), "--keyfile", str(self.place / "key.pem")]
        return [*super().command(name), *tls, "--threads", "32"]

    def answers(self) -> bool:
        trusting = ssl.create_default_context(cafile=self.place / "cert.pem")
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2, context=trusting) as response:
                return bool(response.status == 200)
        except OSError:
            return False


def certify(place: Path) -> None:
    """Write a key and a certificate for the loopback address, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "belay")]), datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1)).add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (place / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (place / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.fixture(scope="module")
def secure() -> Iterator[SecureSite]:
    """A database below /tmp is refused outside the demonstration; /var/tmp survives a restart."""
    place = Path(tempfile.mkdtemp(prefix="belay-together-", dir="/var/tmp"))  # noqa: S108
    site = SecureSite(place)
    try:
        site.prepare()
        site.start("web")
        yield site
    finally:
        site.stop()
        shutil.rmtree(place, ignore_errors=True)


def app_code(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    left = 30 - time.time() % 30
    if left < 4:
        time.sleep(left + 0.2)
    digest = hmac.new(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1
    ).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def sound(page: Page) -> None:
    """The page is for everyone on a phone: no finding of axe, no sideways scroll."""
    assert axe(page) == []
    assert not overflows(page), page.url


def sign_in(browser: Browser, site: SecureSite, address: str) -> Page:
    """A phone of this person, signed in by password."""
    context = browser.new_context(
        base_url=site.url, viewport={"width": 360, "height": 800}, ignore_https_errors=True,
        reduced_motion="reduce", accept_downloads=True,
    )  # fmt: skip
    page = context.new_page()
    context.set_default_timeout(60_000)
    page.goto("/accounts/login/")
    page.locator("input[type=email]").fill(address)
    page.locator("input[type=password]").fill(PASSWORD)
    press(page, "Sign in")
    return page


def set_up_app(page: Page) -> str:
    """Do what the site asks of a role that can harm: set up an authenticator app. Returns its secret."""
    expect(page.locator("main")).to_contain_text("Your role needs a second step")
    follow(page, "Set up an app")
    page.locator("input[type=password]").fill(PASSWORD)
    press(page, "Confirm")
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("input[name=code]").fill(app_code(secret))
    press(page, "Activate")
    return secret


def verify(place: Path, name: str) -> subprocess.CompletedProcess[str]:
    """The stand-alone script on a result file, as a stranger runs it, without anything of the site."""
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "scripts/verify.py"), "result", name, "--keys", "belay-keys.json"],
        cwd=place, capture_output=True, text=True, check=False, env={},
    )  # fmt: skip


def fetch(page: Page, link: str | re.Pattern[str], path: Path) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).first.click()
    download.value.save_as(path)
    return path.read_bytes()


def test_three_people_from_the_round_to_the_checked_file(
    browser: Browser, secure: SecureSite, tmp_path: Path
) -> None:
    member = secure.ask(f"PASSWORD = {PASSWORD!r}\n{PEOPLE}")
    manager, lead, respondent = (
        sign_in(browser, secure, f"{name}@example.org") for name in ("ines", "leila", "tomas")
    )
    set_up_app(manager)
    secret = set_up_app(lead)

    manager.goto("/home/")
    follow(manager, "Assessments")
    sound(manager)
    today = datetime.now(UTC).date()
    manager.get_by_label("Name", exact=True).fill("Round 2027")
    manager.get_by_label("Opens on").fill(today.isoformat())
    manager.get_by_label("Closes on").fill((today + timedelta(days=21)).isoformat())
    manager.get_by_label("National CERT of Veldara").check()
    press(manager, "Open the round")
    expect(manager.get_by_role("heading", level=1)).to_contain_text("Round 2027: 0 of 1 member")

    lead.goto(f"/o/{member}/assessments/")
    sound(lead)
    follow(lead, re.compile("Start this assessment"))
    press(lead, "Start the assessment")
    lead.get_by_label("Answers Direction").select_option(label="Tomas Ekwe")
    lead.get_by_label("Reviews Direction").select_option(label="Leila Marwan")
    press(lead, "Save who answers what")
    tasks = lead.url.replace("people/", "")

    respondent.goto("/me/assessments/")
    sound(respondent)
    follow(respondent, re.compile("Direction"))
    for page in (lead, respondent):
        page.goto(f"{tasks}GOV.1/GOV.1.1/")
    for page, level, why in ((lead, 1, "Only the draft is there."), (respondent, 3, "Signed in March.")):
        page.locator(f"input[name=answer][value='{level}']").check()
        page.get_by_label(re.compile("Why this")).fill(why)
    press(lead, "Save and go back to the area")
    press(respondent, "Save and continue")
    expect(respondent.get_by_role("heading", level=1)).to_contain_text("Two answers to GOV.1.1")
    for text in ("Only the draft is there.", "Signed in March."):
        expect(respondent.locator("main")).to_contain_text(text)
    sound(respondent)
    respondent.locator("input[name=use][value=mine]").check()
    press(respondent, "Use this answer")

    respondent.goto(f"{tasks}GOV.1/GOV.1.1/")
    respondent.get_by_text("Add evidence: a file, a link or a description").click()
    respondent.get_by_label("A description of something we hold").check()
    respondent.get_by_label("Title").fill("The strategy, signed")
    respondent.get_by_label("Who holds it?").fill("Cabinet office")
    respondent.get_by_label("Where is it kept?").fill("Registry, file 12")
    respondent.get_by_label(re.compile("Date")).fill(today.isoformat())
    press(respondent, "Add this evidence")
    expect(respondent.get_by_role("table")).to_contain_text("The strategy, signed")
    respondent.goto(f"{tasks}GOV.1/")
    press(respondent, "Send to review")

    lead.goto(f"{tasks}GOV.1/review/")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("One answer waits for your review")
    sound(lead)
    lead.get_by_label("The strategy, signed").check()
    press(lead, re.compile("^Agree"))
    expect(lead.get_by_text("Agreed", exact=True).first).to_be_visible()

    secure.ask(LATER)
    lead.goto(f"{tasks}submit/")
    sound(lead)
    press(lead, re.compile("^Submit "))
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Is it you?")
    sound(lead)
    lead.locator("input[name=code]").fill(app_code(secret))
    lead.locator("main form button").first.click()
    lead.wait_for_load_state()
    lead.goto(f"/o/{member}/results/{tasks.rstrip('/').rsplit('/', 1)[1]}/")
    sound(lead)
    content = fetch(lead, re.compile("signed file", re.IGNORECASE), tmp_path / "result.json")
    keys = lead.request.get("/.well-known/belay-keys.json").body()
    (tmp_path / "belay-keys.json").write_bytes(keys)
    intact = verify(tmp_path, "result.json")
    assert intact.returncode == 0, intact.stdout + intact.stderr
    assert b"Signed in March." in content
    (tmp_path / "forged.json").write_bytes(content.replace(b"Signed in March.", b"Signed in Marsh."))
    broken = verify(tmp_path, "forged.json")
    assert broken.returncode == 1
    assert "the part `given` is not the one that was signed" in broken.stdout + broken.stderr

    manager.goto(manager.url)
    expect(manager.get_by_role("heading", level=1)).to_contain_text("Round 2027: 1 of 1 member")
    assert "Signed in March." not in manager.content()
