// What endpoints of every kind say in the same way, as it goes over the wire.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/endpoint_judge.hpp"
#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::agent {

// A program that asks nothing for so long is let go.
inline constexpr Span endpoint_idle = std::chrono::seconds(15);

// What stands before a body.
struct ReplyHead {
    enum class Then : std::uint8_t { close, keep };
    std::string_view status = "200 OK";
    std::string_view type = "application/json";
    std::string_view more;  // Further header lines, each with its end.
    Then then = Then::keep;
};
Secret http_reply(const ReplyHead& head, const Secret& body);

// There is no credential now, and why.
Secret failure_reply(const Error& error, std::string_view more = {});
// Nothing is here, in these words; the connection stays.
Secret absence_reply(std::string_view message, std::string_view more = {});
// To a request that is not granted; the connection ends with it.
Secret refusal_reply(Verdict verdict, std::string_view more = {});

}  // namespace hearth::agent
