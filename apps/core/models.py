"""Rows that every app relies on: the outbox, the audit record, idempotency keys, wrapped keys."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.ids import new_public_id


class PublicModel(models.Model):
    """A row that URLs name by a random public id."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)

    class Meta:
        abstract = True


class OutboxMessage(models.Model):
    """Something that must happen outside; written in the transaction that decided it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CLAIMED = "claimed"
        DONE = "done"
        DEAD = "dead"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    topic = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    not_before = models.DateTimeField(default=now)
    leased_until = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=32, blank=True, default="")
    rung_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"], name="outbox_due")]


class AuditChain(models.Model):
    """The head of one member's chain (or the operator's); locked while a row is added."""

    key = models.CharField(max_length=40, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)


class AuditEntry(models.Model):
    """One state change: who, what, on which object, when; carries the previous row's hash. Never changes."""

    chain = models.ForeignKey(AuditChain, models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=20)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True, default="")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_audit_row_per_place")]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]


class IdempotencyKey(models.Model):
    """A save that was already done; repeating it changes nothing and gives the same answer."""

    owner = models.CharField(max_length=20)
    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "scope", "key"], name="one_result_per_key"),
            models.CheckConstraint(condition=~Q(key=""), name="idempotency_key_not_empty"),
        ]


class DataKey(models.Model):
    """One version of an owner's key for one purpose, wrapped by a master key; erased ones stay as tombstones."""

    owner = models.CharField(max_length=40)
    purpose = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    master = models.CharField(max_length=12, blank=True)
    wrapped = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=now)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "purpose", "version"], name="one_key_per_version")
        ]
