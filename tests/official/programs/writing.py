"""The language model by openai: models, structured output, and its kinds of errors."""
# pyright: basic, reportMissingImports=false

import openai
from pydantic import BaseModel, ValidationError
from situations import tell, told

secret = told["secret"]
client = openai.OpenAI(base_url=f"{secret['base_url']}/v1", api_key=secret["key"], max_retries=0)


class Section(BaseModel):
    heading: str
    body: str
    source_url: str


class Draft(BaseModel):
    title: str
    sections: list[Section]


def write():
    messages = [{"role": "user", "content": told["prompt"]}]
    done = client.chat.completions.parse(
        model=secret["model"], messages=messages, response_format=Draft
    )
    choice = done.choices[0]
    return {
        "models": [each.id for each in client.models.list()],
        "reason": choice.finish_reason,
        "refusal": choice.message.refusal,
        "draft": choice.message.parsed and choice.message.parsed.model_dump(),
        "tokens": done.usage.total_tokens,
    }


def heard():
    try:
        return write()
    except openai.APIStatusError as error:
        return {"kind": type(error).__name__, "status": error.status_code, "code": error.code}
    except (openai.OpenAIError, ValidationError) as error:
        return {"kind": type(error).__name__}


tell(heard)
