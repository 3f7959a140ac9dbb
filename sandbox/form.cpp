#include "sandbox/form.hpp"

namespace hearth::sandbox {

Outcome<Parameters> read_form(const Request& request) {
    const auto invalid = [](std::string why) {
        return std::unexpected(OAuthError{"invalid_request", std::move(why)});
    };
    if (!request.declares("application/x-www-form-urlencoded"))
        return invalid("the body must be form-encoded");
    // RFC 6749 section 2.3.1: addresses end up in logs.
    if (!request.query.empty()) return invalid("parameters belong into the body");
    auto form = Parameters::parse(request.body);
    if (!form) return invalid("the body cannot be read");
    if (const auto name = form->doubled()) return invalid("'" + *name + "' was sent twice");
    return *std::move(form);
}

}  // namespace hearth::sandbox
