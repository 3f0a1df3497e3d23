"""What can go wrong with deals."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class PipelineNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "deals.pipeline_not_found"
    template = "There is no pipeline {pipeline_id}."


class StageNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "deals.stage_not_found"
    template = "There is no stage {stage_id}."


class DealNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "deals.deal_not_found"
    template = "There is no deal {deal_id}."


class TaskNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "deals.task_not_found"
    template = "There is no task {task_id}."


class NoteNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "deals.note_not_found"
    template = "There is no note {note_id} on the deal."


class ParticipantNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "deals.participant_not_found"
    template = "There is no further contact {participant_id} on the deal."


class TextMissing(Failure):
    code = "deals.text_missing"
    template = "{noun} is needed."


class PipelineNameTaken(Failure):
    kind = Kind.CONFLICT
    code = "deals.pipeline_name_taken"
    template = "Another pipeline is called {name}."


class CurrencyInvalid(Failure):
    code = "deals.currency_invalid"
    template = "{currency!r} is not a currency: use three letters as in EUR."


class PipelineOccupied(Failure):
    kind = Kind.CONFLICT
    code = "deals.pipeline_occupied"
    template = "The pipeline has {count} deals. Move or delete them first."


class StageOccupied(Failure):
    kind = Kind.CONFLICT
    code = "deals.stage_occupied"
    template = "The stage has {count} deals. Say where they go."


class LastStage(Failure):
    kind = Kind.CONFLICT
    code = "deals.last_stage"
    template = "A pipeline needs at least one stage."


class StageElsewhere(Failure):
    code = "deals.stage_elsewhere"
    template = "The stage {stage_id} is not in that pipeline."


class DealElsewhere(Failure):
    code = "deals.deal_elsewhere"
    template = "The deal {deal_id} is not in that stage."
