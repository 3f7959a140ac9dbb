// How Google's services write what they say, and how they tell who asked.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/state.hpp"

namespace hearth::sandbox {

// An error of a token endpoint.
struct GrantError {
    std::string code;
    std::string description;
    int status = 400;
    std::string subtype = {};
};
template <class T>
using GrantOutcome = std::expected<T, GrantError>;
inline std::unexpected<GrantError> grant_error(std::string code, std::string description,
                                               int status = 400) {
    return std::unexpected(GrantError{std::move(code), std::move(description), status});
}

// An error of any other service.
struct GoogleError {
    int status = 400;
    std::string name;  // "PERMISSION_DENIED".
    std::string message;
    std::string reason = {};  // "ACCESS_TOKEN_EXPIRED"; may be empty.
};
template <class T>
using GoogleOutcome = std::expected<T, GoogleError>;
inline std::unexpected<GoogleError> google_error(int status, std::string name, std::string message,
                                                 std::string reason = {}) {
    return std::unexpected(
        GoogleError{status, std::move(name), std::move(message), std::move(reason)});
}

// The error in Google's words, and kept in the exchange's record.
Response grant_refusal(Exchange& exchange, const GrantError& error);
Response google_refusal(Exchange& exchange, const GoogleError& error);
// What a service answers when it was told to fail with this status, or that what it was shown is no
// good.
Response google_failure(const Request& request, int status);
Response google_denial(const Request& request);
// What every answer of the metadata server has, errors too.
Response& flavored(Response& response);

// Who is behind the bearer token.
struct GoogleCaller {
    std::string principal;
    std::vector<std::string> scopes;
};
// For a service such as "aiplatform", and only with one of the scopes: an access token of this
// face, one of a sign-in at `/authorize`, or a JWT that a service account signed for the service.
// It is noted in the exchange's record.
GoogleOutcome<GoogleCaller> google_caller(Exchange& exchange, std::string_view service,
                                          const std::vector<std::string_view>& scopes);

// Whether the path is one of the Google face's, and of its metadata server.
bool google_path(std::string_view path);
bool google_metadata_path(std::string_view path);

}  // namespace hearth::sandbox
