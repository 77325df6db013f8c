"""From a request body to the envelope and to the arguments of the author's function."""

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from hermes_worker.errors import Refusal

LARGEST_BODY = 1024 * 1024


class Envelope(BaseModel):
    """What every request may carry besides the function's own parameters."""

    model_config = ConfigDict(coerce_numbers_to_str=True, frozen=True)

    mode: str = ""
    site_id: str | None = None
    run_id: str | None = None


def payload_of(body: bytes) -> dict[str, Any]:
    """The JSON object in the body; 400 for anything else (NaN is not JSON)."""
    try:
        payload = json.loads(body, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "invalid_json", f"The body is not JSON: {error}") from error
    if not isinstance(payload, dict):
        raise Refusal(400, "invalid_json", "The body is JSON but not an object.")
    return cast("dict[str, Any]", payload)


def refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not a JSON value")


def digest_of(payload: Mapping[str, Any]) -> str:
    """SHA-256 over the payload in one canonical form: the order of its keys does not matter."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def envelope_of(payload: Mapping[str, Any], modes: Collection[str]) -> Envelope:
    try:
        envelope = Envelope.model_validate(payload)
    except ValidationError as error:
        raise refusal_of(error) from error
    if envelope.mode not in modes:
        fault = f"mode: {envelope.mode!r} is not offered" if envelope.mode else "mode: missing"
        raise Refusal(
            422, "unsupported_mode", f"{fault}; this worker has {', '.join(modes)}.", "mode"
        )
    return envelope


def refusal_of(error: ValidationError, *inside: str) -> Refusal:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join([*inside, *map(str, first["loc"])])
    return Refusal(422, "invalid_payload", f"{field}: {first['msg']}", field)


class Parameters:
    """The keyword parameters of the author's function, each with a validator for its type."""

    def __init__(self, function: Callable[..., Awaitable[object]]) -> None:
        _, *rest = inspect.signature(function, eval_str=True).parameters.values()
        for parameter in rest:
            if parameter.kind not in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                raise TypeError(f"{parameter} cannot be filled from a payload by name.")
            if parameter.annotation is parameter.empty:
                raise TypeError(f"Parameter {parameter.name} needs a type.")
        self._validators = {p.name: TypeAdapter[Any](p.annotation) for p in rest}
        self._required = [p.name for p in rest if p.default is p.empty]

    def arguments(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Validated values of the fields present; Refusal 422 `invalid_payload` names the first bad one."""
        for name in self._required:
            if name not in payload:
                raise Refusal(422, "invalid_payload", f"{name}: Field required", name)
        return {
            name: self._argument(name, payload[name])
            for name in self._validators
            if name in payload
        }

    def _argument(self, name: str, value: object) -> Any:
        try:
            return self._validators[name].validate_python(value)
        except ValidationError as error:
            raise refusal_of(error, name) from error
