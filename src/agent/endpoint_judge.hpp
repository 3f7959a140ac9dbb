// What an endpoint makes of the bytes that a program has sent it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "hearth/secret.hpp"

namespace hearth::agent {

// The most bytes of a request, which has no body.
inline constexpr std::size_t longest_question = 8UL * 1024;

// What a request must have.
struct EndpointTerms {
    std::string path;
    Secret authorization;  // The whole value of the header.
    std::uint16_t port = 0;
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
};

struct Judgement {
    Verdict verdict = Verdict::unfinished;
    std::size_t size = 0;  // Of a request that is granted; what follows is the next one.
    bool keeps = false;    // The program may ask again over the same connection.
};

// Judges the request that the bytes begin with. Keeps nothing of it.
Judgement judge(std::string_view bytes, const EndpointTerms& terms);

}  // namespace hearth::agent
