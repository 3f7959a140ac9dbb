// What an endpoint makes of the bytes that a program has sent it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hearth/secret.hpp"

namespace hearth::agent {

// The most bytes of a request, which has no body.
inline constexpr std::size_t longest_question = 8UL * 1024;

// What a program asks, as far as it counts.
struct Question {
    bool gets = false;   // By GET.
    std::string target;  // The path, and what follows it.
    std::optional<Secret> authorization;
    bool flavored = false;  // "Metadata-Flavor: Google" is there.
};

enum class Verdict : std::uint8_t {
    unfinished,
    granted,
    malformed,
    too_long,
    foreign_host,  // By a name that is not this machine's: DNS rebinding.
    passed_on,     // By a browser or a proxy.
    wrong_path,
    wrong_method,
    no_token,
    wrong_token,
    no_flavor,
};

struct Judgement {
    Verdict verdict = Verdict::unfinished;
    std::size_t size = 0;  // Of a request that was read; what follows is the next one.
    bool keeps = false;    // The program may ask again over the same connection.
    Question question;     // Of one that is granted.
};

// Judges the request that the bytes begin with as far as every endpoint does: it is granted where a
// program of this machine has sent it, to this port.
Judgement judge(std::string_view bytes, std::uint16_t port);

}  // namespace hearth::agent
