// A request as it came in and the answer to it, free of sockets.
#pragma once

#include <boost/json/object.hpp>

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::sandbox {

struct HeaderLine {
    std::string name;
    std::string value;
};

struct Request {
    std::string method = "GET";
    std::string path = "/";
    std::string query;  // Without the question mark, still encoded.
    std::vector<HeaderLine> headers;
    std::string body;

    // The first header of that name, compared without case; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
    // Whether the body is declared as this media type, parameters such as the charset aside.
    [[nodiscard]] bool declares(std::string_view media_type) const;
    // The token of an `Authorization: Bearer` header; empty when there is none.
    [[nodiscard]] std::string_view bearer() const noexcept;
};

struct Response {
    int status = 200;
    std::vector<HeaderLine> headers;
    std::string body;
    std::vector<std::string>
        pieces;  // Not empty: a stream, sent one piece after the other instead of the body.

    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
    // Replaces the header of that name, or adds it.
    Response& with(std::string_view name, std::string value);
};

// An error as RFC 6749 section 5.2 writes it.
struct OAuthError {
    std::string code;
    std::string description;
    int status = 400;
};
template <class T>
using Outcome = std::expected<T, OAuthError>;

Response json_response(int status, const boost::json::object& body);
Response error_response(const OAuthError& error);
Response page_response(int status, std::string html);
Response redirect_response(std::string location);
Response empty_response(int status);

bool same_name(std::string_view left, std::string_view right) noexcept;

}  // namespace hearth::sandbox
