"""Settings of generated clients that this one does not have."""

_USE_API_KEY = "give the API key as username and its secret as password"
_ONE_SERVER = "there is one server; set host"
_OWN_LOGGER = "give the logger 'openapi_client' a handler instead, or set debug"
_RFC_3339 = "times are RFC 3339 in this API"
UNSUPPORTED_SETTINGS = {
    "api_key": _USE_API_KEY,
    "api_key_prefix": _USE_API_KEY,
    "refresh_api_key_hook": f"{_USE_API_KEY}, or a function as access_token",
    "get_api_key_with_prefix": _USE_API_KEY,
    "server_index": _ONE_SERVER,
    "server_variables": _ONE_SERVER,
    "server_operation_index": _ONE_SERVER,
    "server_operation_variables": _ONE_SERVER,
    "ignore_operation_servers": _ONE_SERVER,
    "get_host_settings": _ONE_SERVER,
    "get_host_from_settings": _ONE_SERVER,
    "datetime_format": _RFC_3339,
    "date_format": _RFC_3339,
    "logger": _OWN_LOGGER,
    "logger_file": _OWN_LOGGER,
    "logger_file_handler": _OWN_LOGGER,
    "logger_format": _OWN_LOGGER,
    "logger_formatter": _OWN_LOGGER,
    "logger_stream_handler": _OWN_LOGGER,
    "safe_chars_for_path_param": "an id is always encoded whole",
    "temp_folder_path": "this API has no files",
    "discard_unknown_keys": "unknown fields are kept; remove it",
    "disabled_client_side_validations": "set client_side_validation=False to switch all off",
}
"""By their names: what to do instead."""
