#include "oauth/endpoint.hpp"

#include <algorithm>

namespace hearth::oauth {
namespace {

// A shorter secret, or piece of one, is found in any text by chance.
constexpr std::size_t least_secret = 8;
constexpr std::size_t least_piece = 12;

bool repeats(std::string_view text, std::string_view secret) {
    if (secret.size() < least_secret) return false;
    const auto size = std::min(secret.size(), least_piece);
    for (std::size_t at = 0; at + size <= secret.size(); ++at) {
        if (text.contains(secret.substr(at, size))) return true;
    }
    return false;
}

}  // namespace

Result<Url> endpoint(std::string_view what, std::string_view url) {
    const std::string name(what);
    if (url.empty()) {
        return std::unexpected(Error{Remedy::usage, "nobody says where " + name + " is",
                                     "set it in the profile, or an issuer that tells it"});
    }
    auto parsed = Url::parse(url);
    if (!parsed) {
        return std::unexpected(
            Error{Remedy::usage, name + " is " + parsed.error().what, parsed.error().hint});
    }
    if (!parsed->secure() && !parsed->loopback()) {
        return std::unexpected(Error{Remedy::refused, name + " is plain http on " + parsed->host(),
                                     "use https; plain http is for loopback only"});
    }
    return parsed;
}

std::string printable(std::string_view text, std::size_t limit) {
    std::string shown(text.substr(0, limit));
    for (char& c : shown) {
        if (c < 0x20 || c > 0x7E) c = '?';
    }
    return shown;
}

std::string quotable(std::string_view text, std::size_t limit, const std::vector<Secret>& secrets) {
    const auto quoted = text.substr(0, limit);
    const bool secret = std::ranges::any_of(
        secrets, [&](const Secret& one) { return repeats(quoted, one.reveal()); });
    return secret ? std::string() : printable(quoted, limit);
}

}  // namespace hearth::oauth
