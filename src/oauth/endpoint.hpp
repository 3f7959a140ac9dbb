#pragma once

#include <string>
#include <string_view>

#include "core/url.hpp"
#include "hearth/error.hpp"

namespace hearth::oauth {

// An endpoint of an authorization server: https, or plain http on loopback. `what` names it in the
// error: "the token endpoint".
Result<Url> endpoint(std::string_view what, std::string_view url);

// At most `limit` characters of what a server wrote, with anything but printable ASCII made a '?'.
std::string printable(std::string_view text, std::size_t limit);

}  // namespace hearth::oauth
