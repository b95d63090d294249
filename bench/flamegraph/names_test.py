import unittest

from . import names

NAMES = {
    "grpc_call_start_batch": "grpc_call_start_batch",
    "finish_task_switch.isra.0": "finish_task_switch",
    "tidemark::(anonymous namespace)::RunBody": "RunBody",
    "absl::debian3::FormatTime[abi:cxx11]": "absl::FormatTime",
    "grpc_core::ExecCtx::~ExecCtx": "grpc_core::ExecCtx::~ExecCtx",
    "cfree@GLIBC_2.2.5": "cfree",
    "boost::asio::detail::awaitable_handler<boost::asio::any_io_executor, std::optional<grpc::Status> >::operator()<"
    "std::optional<grpc::Status> >": "asio::awaitable_handler::operator()",
    "tidemark::Await<grpc::Status, tidemark::rpc::CallUnary<tidemark::v1::CheckResponse>(int)::{lambda(auto:1*)#1}>("
    "tidemark::rpc::ClientCall&)::{lambda(auto:1)#1}::operator()(int) const": "Await::{lambda}::operator()",
    "std::operator<< <std::char_traits<char> >": "std::operator<<",
    "std::unique_ptr<int>::operator->": "std::unique_ptr::operator->",
    "operator delete": "operator delete",
    "_ZZZN5boost4asio6detail20awaitable_frame_base13await_suspendENS_4_FUNE": "asio::await_suspend",
}


class NamesTest(unittest.TestCase):
    def test_of_a_symbol_the_function_is_left(self):
        for symbol, name in NAMES.items():
            with self.subTest(symbol):
                self.assertEqual(names.short(symbol), name)

    def test_a_long_name_is_cut(self):
        self.assertEqual(len(names.short("f" * 500)), names.NAME_MAX)
        self.assertEqual(len(names.short("_Z" + "f" * 500)), names.NAME_MAX)


if __name__ == "__main__":
    unittest.main()
