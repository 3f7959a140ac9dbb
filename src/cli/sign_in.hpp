#pragma once

#include <string>

#include "cli/browser.hpp"
#include "cli/client.hpp"
#include "cli/login_report.hpp"

namespace hearth::cli {

// Takes the messages of a `login` that was sent: opens pages, shows codes, hands on what the person
// pastes, until the agent's last word. Absent when ctrl-C came first; the terminal is then as it
// was.
Result<std::optional<Message>> follow_sign_in(Client& client, const Invocation& invocation,
                                              const std::string& profile,
                                              std::optional<Opener> opener, LoginReport& report);

}  // namespace hearth::cli
