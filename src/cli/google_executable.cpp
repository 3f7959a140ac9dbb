#include "cli/google_executable.hpp"

#include <algorithm>
#include <string>

#include "cli/json_line.hpp"

namespace hearth::cli {
namespace {

constexpr std::string_view jwt_type = "urn:ietf:params:oauth:token-type:jwt";
constexpr std::string_view id_token_type = "urn:ietf:params:oauth:token-type:id_token";

// RFC 7519 in the compact form of RFC 7515 section 7.1: a header that is an object, claims and a
// signature. Whether it is a good one is for Google to say.
bool looks_like_jwt(std::string_view token) {
    constexpr std::string_view object = "eyJ";  // {" in base64url.
    return std::ranges::count(token, '.') == 2 && token.starts_with(object) &&
           token.find("..") == std::string_view::npos && !token.ends_with('.');
}

// Libraries show it with what it stands for.
std::string_view code_of(Remedy remedy) {
    switch (remedy) {
        case Remedy::usage:
            return "WRONG_PROFILE";
        case Remedy::sign_in:
            return "SIGN_IN_NEEDED";
        case Remedy::unreachable:
            return "PROVIDER_UNREACHABLE";
        case Remedy::store_locked:
            return "STORE_LOCKED";
        case Remedy::refused:
            return "REFUSED";
        default:
            return "FAILED";
    }
}

Secret whole(const JsonLine& line) {
    SecretBuilder text;
    return text.append(line.head()).append(line.tail()).take();
}

}  // namespace

Result<Secret> google_executable_document(const Secret& token, std::optional<Instant> expires_at,
                                          std::string_view wanted) {
    if (!looks_like_jwt(token.reveal())) {
        return std::unexpected(
            Error{Remedy::usage, "the profile's token is no JWT, which Google could exchange",
                  "a profile of an OpenID provider whose tokens are JWTs, or of Google with "
                  "id_token_audience"});
    }
    JsonLine line;
    line.number("version", 1).flag("success", true);
    line.text("token_type", wanted == id_token_type ? id_token_type : jwt_type);
    if (expires_at) {
        const auto end = std::chrono::floor<std::chrono::seconds>(*expires_at);
        line.number("expiration_time", end.time_since_epoch().count());
    }
    line.secret("id_token", token);
    return whole(line);
}

Secret google_executable_failure(const Error& error) {
    JsonLine line;
    line.number("version", 1).flag("success", false).text("code", code_of(error.remedy));
    line.text("message", error.what + (error.hint.empty() ? "" : "; " + error.hint));
    return whole(line);
}

}  // namespace hearth::cli
