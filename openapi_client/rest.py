"""The public door of the transport, under the generated client's names."""

from ._transport.client import RESTClientObject, RESTResponse, RESTResponseType
from .exceptions import ApiException, ApiValueError

__all__ = ["ApiException", "ApiValueError", "RESTClientObject", "RESTResponse", "RESTResponseType"]
