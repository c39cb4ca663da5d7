"""Formats of fixed columns that are recognised by themselves, as format strings in nginx's notation.

Sources: Amazon Web Services, access logs for Application and Classic Load Balancers, and S3 server access logs.
"""

from kartograph.loaders.access_log.formats.log_format import compile_format
from kartograph.loaders.access_log.requests import Parse

_BALANCER = (
    "$time_iso8601 $elb $remote_addr $target $waited $worked $answered $status $target_status $received $sent "
    '"$request" "$http_user_agent"'
)
FORMATS = {
    "AWS Application Load Balancer": f"$type {_BALANCER}",
    "AWS Classic Load Balancer": _BALANCER,
    "AWS S3": (
        "$owner $bucket [$time_local] $remote_addr $requester $id $operation $key "
        '"$request" $status $error $sent $size $total $turn "$http_referer" "$http_user_agent"'
    ),
}


def known_formats() -> list[Parse]:
    """The parsers of the formats; more columns may follow those that are described."""
    return [compile_format(text, further=True) for text in FORMATS.values()]
