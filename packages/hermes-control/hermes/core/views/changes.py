"""What a verdict was found with: the address, the key and the contract of the service, and whether they changed."""

from collections.abc import Mapping
from typing import Any

from hermes.core.catalog import Service
from hermes.core.worker_config import WorkerConfig, fingerprint
from hermes_base.reasons import Failure

GONE = "the secret"
"""What has changed where there is no secret any more, or none that can be read."""
WORDS = {"address": "the address", "key": "the key", "contract": "what the catalog promises"}


def found_with(service: Service, config: WorkerConfig) -> dict[str, str]:
    """What is kept with a run: the address, the key's fingerprint, and a mark of the contract."""
    return {
        "address": config.base_url,
        "key": fingerprint(config.key),
        "contract": service.contract_mark,
    }


def changed_since(
    metrics: Mapping[str, Any], service: Service, config: WorkerConfig | Failure | None
) -> str:
    """What has changed since a run: `the address and the key`; "" where nothing has, or nothing is known of then."""
    then: Mapping[str, str] = metrics.get("foundWith") or {}
    if not then:
        return ""
    if not isinstance(config, WorkerConfig):
        return GONE
    now = found_with(service, config)
    return " and ".join(words for name, words in WORDS.items() if then.get(name) != now[name])
