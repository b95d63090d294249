"""Symbols as a reader wants them: templates, parameters and the depths of namespaces gone, the function left."""

import re

SHORTER = (
    ("(anonymous namespace)::", ""),
    ("[abi:cxx11]", ""),
    ("absl::debian3::", "absl::"),
    ("boost::asio::detail::", "asio::"),
    ("boost::asio::", "asio::"),
    ("boost::beast::", "beast::"),
    ("grpc_core::promise_filter_detail::", "grpc_core::"),
    ("grpc::internal::", "grpc::"),
    ("google::protobuf::", "protobuf::"),
    ("tidemark::", ""),
    ("std::__cxx11::", "std::"),
    ("GLIBC_2.2.5", ""),
)
# What closes a group of its own, as opposed to the arrow and the operators that are spelled alike.
OPERATORS = re.compile(r"operator(?:\(\)|<<=?|>>=?|<=>|<=|>=|->\*?|<|>)")
NAME_MAX = 100


def short(symbol: str) -> str:
    """`tidemark::Await<grpc::Status, …>(…)::{lambda(auto:1)#1}::operator()` is `Await::{lambda}::operator()`."""
    if symbol.startswith("_Z"):
        return _of_mangled(symbol)
    for long, replacement in SHORTER:
        symbol = symbol.replace(long, replacement)
    name = re.sub(r"\{lambda.*?#\d+\}", "{lambda}", _without_groups(symbol))
    name = re.sub(r"\.(isra|part|constprop|cold)(\.\d+)?", "", name.replace(" const", "").strip("@"))
    return name[:NAME_MAX] or symbol[:NAME_MAX]


def _of_mangled(symbol: str) -> str:
    """The demangler knows no local lambda that became a plain function: Asio's await_suspend is the one we meet."""
    return "asio::await_suspend" if "await_suspend" in symbol else symbol[:NAME_MAX]


def _without_groups(symbol: str) -> str:
    kept, depth, position = [], 0, 0
    while position < len(symbol):
        operator = OPERATORS.match(symbol, position)
        if operator and not symbol[position - 1:position].isalnum():
            kept.append(operator[0] if depth == 0 else "")
            position = operator.end()
            continue
        character = symbol[position]
        depth -= character in ">)" and symbol[position - 1:position] != "-"
        if depth == 0 and character not in "<>()":
            kept.append(character)
        depth += character in "<("
        position += 1
    return "".join(kept).strip()
