"""Bodies of the automation routes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from waypost.automations.explain import Check, Explanation, Mail
from waypost.automations.explain_words import say_check, say_summary
from waypost.automations.pausing import Overdue, Resumption
from waypost.automations.recipes import Ingredient, Recipe
from waypost.automations.types import Automation, Enrollment, PathStep, StepCount, StepProblem
from waypost.kernel.model import Model, Out
from waypost.kernel.page import Page
from waypost.segments.explain import Part


class AutomationIn(Model):
    """A new automation; it begins as a draft."""

    name: str
    document: dict[str, Any] | None = None


class AutomationChange(Model):
    """What is left out stays."""

    name: str | None = None
    document: dict[str, Any] | None = None


class ContactsIn(Model):
    """A set of contacts."""

    contact_ids: list[int]


class RetryIn(Model):
    """Parked contacts: of one step or all, these or all."""

    step_id: str | None = None
    contact_ids: list[int] | None = None


class ResumeIn(Model):
    """What becomes of timers that ran out during a pause, and of those who would have entered.

    `overdue`: "at_once" (they ran on), "stop" (they stood still), "spread" (the overdue go within so many hours).
    """

    overdue: Overdue = "at_once"
    spread_hours: Annotated[float, msgspec.Meta(gt=0, le=24 * 30)] = 1
    events: Literal["drop", "enter"] = "drop"

    @property
    def resumption(self) -> Resumption:
        return Resumption(self.overdue, timedelta(hours=self.spread_hours), self.events == "enter")


class AutomationOut(Out):
    """An automation; `has_changes` says that the draft differs from what is published."""

    id: int
    name: str
    status: str
    document: dict[str, Any]
    revision: int
    published_revision: int | None
    paused_at: datetime | None
    has_changes: bool
    entered: int
    active: int
    completed: int
    exited: int
    parked: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, item: Automation) -> AutomationOut:
        return cls(
            id=item.id,
            name=item.name,
            status=item.status.name.lower(),
            document=item.document,
            revision=item.revision,
            published_revision=item.published_revision,
            paused_at=item.paused_at,
            has_changes=item.published_revision != item.revision,
            entered=item.entered,
            active=item.active,
            completed=item.completed,
            exited=item.exited,
            parked=item.parked,
            created_at=item.created_at,
            updated_at=item.updated_at,
        )


class AutomationList(Out):
    """A page of automations."""

    items: list[AutomationOut]
    next: str | None
    total: int | None

    @classmethod
    def of(cls, page: Page[Automation]) -> AutomationList:
        return cls(items=[AutomationOut.of(item) for item in page.items], next=page.next, total=page.total)


class ProblemOut(Out):
    """What is wrong with a step."""

    step_id: str
    message: str
    field: str
    code: str


class ProblemsOut(Out):
    """An empty list means that the automation can be activated."""

    problems: list[ProblemOut]

    @classmethod
    def of(cls, problems: list[StepProblem]) -> ProblemsOut:
        return cls(
            problems=[
                ProblemOut(step_id=item.step_id, message=item.message, field=item.field, code=item.code)
                for item in problems
            ]
        )


class ChangedOut(Out):
    """How many contacts it was."""

    changed: int


class StepCountOut(Out):
    """Who stands on a step, and who has left it."""

    here: int
    passed: int
    completed: int
    exited: int
    parked: int


class CountsOut(Out):
    """Exact counters."""

    entered: int
    active: int
    completed: int
    exited: int
    parked: int
    steps: dict[str, StepCountOut]

    @classmethod
    def of(cls, item: Automation, steps: list[StepCount]) -> CountsOut:
        return cls(
            entered=item.entered,
            active=item.active,
            completed=item.completed,
            exited=item.exited,
            parked=item.parked,
            steps={
                step.step_id: StepCountOut(
                    here=step.here,
                    passed=step.passed,
                    completed=step.completed,
                    exited=step.exited,
                    parked=step.parked,
                )
                for step in steps
            },
        )


class EnrollmentOut(Out):
    """One run of one contact."""

    id: int
    automation_id: int
    automation_name: str
    contact_id: int
    email: str | None
    first_name: str
    last_name: str
    trigger_id: str
    step_id: str
    state: str
    due_at: datetime | None
    entered_at: datetime
    finished_at: datetime | None
    error: str | None

    @classmethod
    def of(cls, item: Enrollment) -> EnrollmentOut:
        return cls(
            id=item.id,
            automation_id=item.automation_id,
            automation_name=item.automation_name,
            contact_id=item.contact_id,
            email=item.email,
            first_name=item.first_name,
            last_name=item.last_name,
            trigger_id=item.trigger_id,
            step_id=item.step_id,
            state=item.state.name.lower(),
            due_at=item.due_at,
            entered_at=item.entered_at,
            finished_at=item.finished_at,
            error=item.error,
        )


class EnrollmentList(Out):
    """A page of runs."""

    items: list[EnrollmentOut]
    next: str | None
    total: int | None

    @classmethod
    def of(cls, page: Page[Enrollment]) -> EnrollmentList:
        return cls(items=[EnrollmentOut.of(item) for item in page.items], next=page.next, total=page.total)


class PathStepOut(Out):
    """One step a run has left."""

    at: datetime
    step_id: str
    type: str
    outcome: str


class PathOut(Out):
    """A run's way so far."""

    items: list[PathStepOut]
    next: str | None = None
    total: int | None = None

    @classmethod
    def of(cls, steps: list[PathStep]) -> PathOut:
        return cls(
            items=[
                PathStepOut(at=item.at, step_id=item.step_id, type=item.type, outcome=item.outcome) for item in steps
            ]
        )


class RecipeOut(Out):
    """A ready automation, as it is offered; ids in its document are names still."""

    id: str
    category: str
    name: str
    description: str
    icon: str
    trigger_types: list[str]
    step_types: list[str]
    document: dict[str, Any]

    @classmethod
    def of(cls, item: Recipe) -> RecipeOut:
        return cls(
            id=item.id,
            category=item.category,
            name=item.name,
            description=item.description,
            icon=item.icon,
            trigger_types=[trigger["type"] for trigger in item.triggers],
            step_types=[step["type"] for step in item.steps],
            document=item.document,
        )


class RecipeList(Out):
    """All there are."""

    items: list[RecipeOut]
    next: str | None = None
    total: int | None = None

    @classmethod
    def of(cls, recipes: Sequence[Recipe]) -> RecipeList:
        return cls(items=[RecipeOut.of(item) for item in recipes])


class IngredientOut(Out):
    """What the recipe names: used where `id` is given, else made."""

    kind: str
    name: str
    id: int | None


class RecipePreview(Out):
    """A recipe with what making it would make and use."""

    recipe: RecipeOut
    ingredients: list[IngredientOut]

    @classmethod
    def of(cls, recipe: Recipe, ingredients: Sequence[Ingredient]) -> RecipePreview:
        return cls(
            recipe=RecipeOut.of(recipe),
            ingredients=[IngredientOut(kind=item.kind, name=item.name, id=item.id) for item in ingredients],
        )


class CheckOut(Out):
    """One thing that decides about entering. `tree` has the conditions with the values compared."""

    name: str
    passed: bool
    text: str
    trigger_id: str | None
    at: datetime | None
    tree: Part | None

    @classmethod
    def of(cls, check: Check, zone: ZoneInfo) -> CheckOut:
        return cls(
            name=check.name,
            passed=check.passed,
            text=say_check(check, zone),
            trigger_id=check.trigger_id,
            at=check.at,
            tree=check.tree,
        )


class MailOut(Out):
    """What became of a message of this run; `reason` is why it was not sent."""

    step_id: str
    message_id: int
    state: str
    at: datetime | None
    reason: str | None

    @classmethod
    def of(cls, mail: Mail) -> MailOut:
        return cls(step_id=mail.step_id, message_id=mail.message_id, state=mail.state, at=mail.at, reason=mail.reason)


class ExplanationOut(Out):
    """Why a contact is in an automation or not. `cause` is a code, `summary` says it in words."""

    automation_id: int
    contact_id: int
    is_inside: bool
    cause: str
    summary: str
    run: EnrollmentOut | None
    step_type: str
    moves_at: datetime | None
    waits_for: Part | None
    checks: list[CheckOut]
    path: list[PathStepOut]
    mails: list[MailOut]

    @classmethod
    def of(cls, found: Explanation, zone: ZoneInfo) -> ExplanationOut:
        return cls(
            automation_id=found.automation.id,
            contact_id=found.contact_id,
            is_inside=found.is_inside,
            cause=found.cause,
            summary=say_summary(found, zone),
            run=None if found.run is None else EnrollmentOut.of(found.run),
            step_type=found.step_type,
            moves_at=found.moves_at,
            waits_for=found.waits_for,
            checks=[CheckOut.of(check, zone) for check in found.checks],
            path=PathOut.of(list(found.path)).items,
            mails=[MailOut.of(mail) for mail in found.mails],
        )
