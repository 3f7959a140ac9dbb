#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/url.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::oauth {

// An endpoint of an authorization server: https, or plain http on loopback. `what` names it in the
// error: "the token endpoint".
Result<Url> endpoint(std::string_view what, std::string_view url);

// At most `limit` characters of what a server wrote, with anything but printable ASCII made a '?'.
std::string printable(std::string_view text, std::size_t limit);
// The same, and nothing at all where it repeats one of the secrets, or a piece of one.
std::string quotable(std::string_view text, std::size_t limit, const std::vector<Secret>& secrets);

}  // namespace hearth::oauth
