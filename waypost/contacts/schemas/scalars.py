"""Small types which several bodies share."""

from __future__ import annotations

from typing import Annotated

import msgspec

Short = Annotated[str, msgspec.Meta(max_length=250)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=250)]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]
Id = Annotated[int, msgspec.Meta(ge=1, le=9_223_372_036_854_775_807)]
Values = dict[Id, str | int | float | list[str] | None]
