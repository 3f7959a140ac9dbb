#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "oauth/authorization_response.hpp"
#include "oauth/callback.hpp"

namespace hearth::oauth {

struct CallbackExpectation {
    std::string path;  // "/callback"
    std::uint16_t port = 0;
    ResponseExpectation response;
};

// How far the sign-in is, and with it what the last page says.
struct Progress {
    enum class Stage : std::uint8_t { waiting, received, worked, failed };
    Stage stage = Stage::waiting;
    std::string text;  // Why it failed.
};

struct CallbackVerdict {
    CallbackReply reply;
    std::optional<Result<Secret>> outcome;  // The code, or why there is none; only while waiting.
};

// The path of the page that the browser ends on.
std::string done_path(const CallbackExpectation& expected);

// Pure. Refuses foreign hosts and anything a page sent (403), other paths (404), other methods
// (405), answers to another sign-in (400, and the sign-in goes on) and a second answer (410). A
// good answer is sent on to the clean last page.
CallbackVerdict judge(const CallbackExpectation& expected, const Progress& progress,
                      const CallbackRequest& request);

// Whether the request is one for the last page that will be served.
bool asks_for_done(const CallbackExpectation& expected, const Progress& progress,
                   const CallbackRequest& request);

}  // namespace hearth::oauth
