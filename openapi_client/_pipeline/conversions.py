"""What of a client turns values into what goes over the wire, and back, and needs no settings."""

from collections.abc import Sequence
from typing import Any

from .decode import read_text, type_named
from .serialize import jsonable, query_string


class Conversions:
    """The conversions of a client, under the generated client's names; a subclass may override."""

    def deserialize(
        self, response_text: str | bytes, response_type: Any, content_type: str | None = None
    ) -> Any:
        """The text of a body as a model.

        Args:
            response_text: JSON, or any text where ``content_type`` is that of plain text.
            response_type: A model or its name, or a list or dict of them
                (``"List[ByokV1Key]"``); ``"object"`` for JSON as it is.
            content_type: The media type of the text. Without one, what is no JSON is text.

        Raises ``ValueError`` for what is no JSON, or cannot be of that type, and
        ``ApiException`` for a media type that is neither JSON nor text.
        """
        named = isinstance(response_type, str)
        data_type = type_named(response_type) if named else response_type
        return read_text(response_text, data_type, content_type)

    def parameters_to_url_query(self, params: Sequence[tuple[str, Any]]) -> str:
        """The query of a URL; parameters that are ``None`` are left out."""
        return query_string(params)

    def select_header_accept(self, accepts: Sequence[str]) -> str | None:
        """The media type to ask for: JSON, if it is among ``accepts``."""
        return next((kind for kind in accepts if "json" in kind.lower()), next(iter(accepts), None))

    def select_header_content_type(self, content_types: Sequence[str]) -> str | None:
        """The media type to send: JSON, if it is among ``content_types``."""
        return self.select_header_accept(content_types)

    def sanitize_for_serialization(self, obj: object) -> Any:
        """``obj`` in the types of JSON: models without what is read-only, times as text.

        Raises ``ApiTypeError`` for what has no form in JSON.
        """
        return jsonable(obj)
