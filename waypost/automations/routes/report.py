"""HTTP for the report of an automation."""

from __future__ import annotations

from litestar import Response, get

from waypost.automations import report
from waypost.automations.schemas.report import ReportOut
from waypost.kernel.tx import ReadTx


@get("/api/v1/automations/{automation_id:int}/report")
async def get_report(read: ReadTx, automation_id: int, days: int = 30) -> ReportOut:
    return ReportOut.of(await report.get_report(read, automation_id, days=days))


@get("/api/v1/automations/{automation_id:int}/report.csv", media_type="text/csv")
async def export_report(read: ReadTx, automation_id: int, days: int = 30, part: str = "steps") -> Response[str]:
    text = report.write_csv(await report.get_report(read, automation_id, days=days), part)
    headers = {"content-disposition": f'attachment; filename="automation-{automation_id}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


ROUTES = (get_report, export_report)
