#include "oauth/endpoint.hpp"

namespace hearth::oauth {

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

}  // namespace hearth::oauth
