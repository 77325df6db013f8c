"""What a page shows of its forms, as plain data: read by a script in the page, judged by rules."""

from pydantic import BaseModel, ConfigDict


class Seen(BaseModel):
    """Base of what `read.js` reads from a page: frozen."""

    model_config = ConfigDict(frozen=True)


class Option(Seen):
    """One option of a select, or one radio or checkbox of a group (then `key` is its element)."""

    value: str
    text: str
    shut: bool = False
    chosen: bool = False
    key: str = ""


class Field(Seen):
    """One control, or a group of radios or checkboxes of one name. `key` finds it in its frame.

    `hidden` says why a person does not see it; `unmet` and `complaint` what is wrong with its value,
    in the browser's words and in the page's.
    """

    key: str
    tag: str
    type: str
    name: str = ""
    id: str = ""
    autocomplete: str = ""
    label: str = ""
    title: str = ""
    placeholder: str = ""
    before: str = ""
    after: str = ""
    cell: str = ""
    column: str = ""
    group: str = ""
    heading: str = ""
    hint: str = ""
    complaint: str = ""
    options: tuple[Option, ...] = ()
    required: bool = False
    shut: bool = False
    max_length: int | None = None
    min_length: int | None = None
    size: int | None = None
    pattern: str = ""
    accept: str = ""
    multiple: bool = False
    min: str = ""
    max: str = ""
    hidden: str = ""
    value: str = ""
    checked: bool = False
    invalid: bool = False
    unmet: str = ""

    @property
    def is_tick(self) -> bool:
        """A single checkbox."""
        return self.type == "checkbox" and not self.options

    @property
    def is_choice(self) -> bool:
        """Something that is chosen from options."""
        return bool(self.options)

    @property
    def is_text(self) -> bool:
        """Something that is typed in."""
        return not self.options and self.type not in ("checkbox", "radio", "file")

    @property
    def visible_name(self) -> str:
        """The name that a person would give it."""
        found = (self.label, self.cell, self.placeholder, self.title, self.before, self.name)
        return next((text for text in found if text), "(a field without a name)")[:120]

    @property
    def empty(self) -> bool:
        """Whether nothing is filled in or chosen yet."""
        if self.options:
            return not any(o.chosen and (o.value or o.key) for o in self.options)
        return not (self.checked if self.type in ("checkbox", "radio") else self.value.strip())


class Button(Seen):
    """A button or a link that acts as one, as `read.js` found it."""

    key: str
    tag: str
    type: str
    text: str = ""
    name: str = ""
    hidden: str = ""
    shut: bool = False


class Form(Seen):
    """A form, or a box of controls with a button that a script treats as one."""

    action: str = ""
    method: str = ""
    id: str = ""
    role: str = ""
    heading: str = ""
    hidden: str = ""
    text: str = ""
    fields: tuple[Field, ...] = ()
    buttons: tuple[Button, ...] = ()


class Guard(Seen):
    """A sign of a CAPTCHA; `form` is the index of the form that holds it, -1 outside of all."""

    what: str
    form: int
    detail: str = ""


class Link(Seen):
    """A link that is seen, absolute."""

    text: str
    url: str


class Frame(Seen):
    """One frame of a page (the page itself is one)."""

    url: str
    title: str = ""
    language: str = ""
    text: str = ""
    forms: tuple[Form, ...] = ()
    guards: tuple[Guard, ...] = ()
    headings: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
