#pragma once

#include <string_view>

#include "oauth/callback.hpp"

namespace hearth::oauth {

// A plain page for a person: no script, nothing fetched, nothing kept, and no secret. Title and
// text are escaped here.
CallbackReply callback_page(int status, std::string_view title, std::string_view text);
// Sends the browser on to a clean address, so that no code stays in its history (RFC 9700
// section 4.3).
CallbackReply callback_redirect(std::string_view path);

}  // namespace hearth::oauth
