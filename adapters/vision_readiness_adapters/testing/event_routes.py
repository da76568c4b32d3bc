"""Vision Events, and what a workspace may still spend."""

from __future__ import annotations

from typing import Any

from vision_readiness.roboflow.payload import moment
from vision_readiness_adapters.testing.answers import Answer, Asked, as_json, refusal
from vision_readiness_adapters.testing.behaviour import Family
from vision_readiness_adapters.testing.service import Known, Refused, Row, Service
from vision_readiness_adapters.testing.shelf import id_of

KINDS = frozenset({"quality_check", "inventory_count", "safety_alert", "custom", "operator_feedback"})
MOST_EVENTS, MOST_METADATA = 100, 100
LOOKBACK = {"lookbackDays": 14}


def write(service: Service, asked: Asked) -> Answer:
    """Keeps an event; a second of the same id is kept too, because no page says otherwise."""
    service.state.events.append(_checked(service, asked.json))
    return as_json({"eventId": asked.json["eventId"], "created": True}, 201)


def write_batch(service: Service, asked: Asked) -> Answer:
    """Keeps up to 100 events, or none."""
    events = asked.json.get("events")
    if not isinstance(events, list) or not 0 < len(events) <= MOST_EVENTS:
        return refusal(400, f"events must hold 1 to {MOST_EVENTS} events.")
    checked = [_checked(service, event) for event in events]
    service.state.events += checked
    return as_json({"created": len(checked), "eventIds": [event["eventId"] for event in checked]}, 201)


def query(service: Service, asked: Asked) -> Answer:
    """A page of the events of a use case, by cursor."""
    body = asked.json
    held = [event for event in service.state.events if event["useCaseId"] == body.get("useCaseId")]
    if body.get("eventType"):
        held = [event for event in held if event["eventType"] == body["eventType"]]
    if since := moment(body.get("startTime")):
        held = [event for event in held if (moment(event["timestamp"]) or since) >= since]
    for row in body.get("customMetadataFilters") or []:
        held = [
            event for event in held if (event.get("customMetadata") or {}).get(row.get("field")) == row.get("value")
        ]
    begin, size = int(body.get("cursor") or 0), min(100, int(body.get("limit") or 50))
    end = begin + size
    more = end < len(held)
    return as_json({"events": held[begin:end], "nextCursor": str(end) if more else None, "hasMore": more, **LOOKBACK})


def use_cases(service: Service, asked: Asked) -> Answer:
    """The use cases; active ones unless another status is asked for."""
    status = asked.text("status", "active")
    return as_json(
        {"useCases": [row for row in service.state.use_cases.values() if row["status"] == status], **LOOKBACK}
    )


def create_use_case(service: Service, asked: Asked) -> Answer:
    """A new use case; a name that is there is refused."""
    name = str(asked.json.get("name") or "")
    if not name:
        return refusal(400, "name is missing")
    if any(row["name"] == name for row in service.state.use_cases.values()):
        return refusal(400, "duplicate name")
    made = {"id": id_of("use case", name), "name": name, "status": "active"}
    service.state.use_cases[made["id"]] = made
    return as_json({"id": made["id"], "name": name}, 201)


def usage_check(service: Service, asked: Asked) -> Answer:
    """That hosted inference may be used."""
    owner = service.shelf.owner
    return as_json({"workspaceId": id_of(owner), "workspace": owner, "underCap": True})


def stats(service: Service, asked: Asked) -> Answer:
    """Labelling statistics."""
    return as_json({"images": {"uploaded": len(service.state.uploads)}, "labels": len(service.state.annotated)})


def plan(service: Service, asked: Asked) -> Answer:
    """The plan."""
    return as_json({"plan": "fake", "limits": {}})


def _checked(service: Service, event: Any) -> dict[str, Any]:
    named = ("eventId", "eventType", "useCaseId", "timestamp")
    if not isinstance(event, dict) or not all(isinstance(event.get(name), str) and event[name] for name in named):
        raise Refused(refusal(400, f"An event needs {', '.join(named)}."))
    if event["eventType"] not in KINDS:
        raise Refused(refusal(400, f"eventType must be one of {', '.join(sorted(KINDS))}."))
    if len(event.get("customMetadata") or {}) > MOST_METADATA:
        raise Refused(refusal(400, f"customMetadata holds {MOST_METADATA} entries at most."))
    return event


ROUTES = (
    Row(
        "POST",
        "/vision-events",
        write,
        Known.READ,
        "vision-events:write",
        "a second event of an id is kept",
        family=Family.EVENTS,
    ),
    Row("POST", "/vision-events/batch", write_batch, Known.READ, "vision-events:write", family=Family.EVENTS),
    Row(
        "POST",
        "/vision-events/query",
        query,
        Known.READ,
        "vision-events:read",
        "filters by field and value",
        family=Family.EVENTS,
    ),
    Row("GET", "/vision-events/use-cases", use_cases, Known.READ, "vision-events:read", family=Family.EVENTS),
    Row("POST", "/vision-events/use-cases", create_use_case, Known.READ, "vision-events:write", family=Family.EVENTS),
    Row("GET", "/serverless/usage-check", usage_check, Known.READ),
    Row("GET", "/usage/plan", plan, Known.READ, None, "the whole body"),
    Row("GET", "/{ws}/stats", stats, Known.READ, "workspace:read", "the whole body"),
)
