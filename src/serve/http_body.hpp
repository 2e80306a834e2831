#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "serve/http_io.hpp"

namespace soundalike::serve {

/// A request that is being read, as Beast has it: its header, and as much of its body as has come.
using RequestParser = beast::http::request_parser<beast::http::buffer_body>;

/// Reads what follows a header into the request: to memory or, as the admission says, to a file.
/// @param complete_by the deadline for all of it; what stands still for HttpOptions::idle_seconds fails earlier.
/// @return whether it is there whole; else `refusal` is the answer, or `problem` says what the connection has.
Task<bool> read_body(HttpShared& shared, Stream& stream, beast::flat_buffer& buffer, RequestParser& parser,
                     Request& request, Response& refusal, const Admission& admission, Clock::time_point complete_by,
                     error_code& problem);

}  // namespace soundalike::serve
