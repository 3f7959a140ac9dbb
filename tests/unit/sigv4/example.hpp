// The keys and the moment of AWS's published examples.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "hearth/sigv4.hpp"

namespace hearth::sigv4::example {

inline constexpr Keys keys{
    .id = "AKIDEXAMPLE", .secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", .session_token = {}};
inline constexpr Service service{.name = "service", .region = "us-east-1"};
inline constexpr Request request{.method = "GET",
                                 .host = "example.amazonaws.com",
                                 .path = "/",
                                 .query = {},
                                 .headers = {},
                                 .body = {},
                                 .payload_hash = {}};

constexpr std::chrono::sys_seconds at(int year, unsigned month, unsigned day,
                                      std::chrono::seconds time = {}) {
    return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) /
                                 static_cast<int>(day)) +
           time;
}

// 20150830T123600Z
inline constexpr std::chrono::sys_seconds moment =
    at(2015, 8, 30, std::chrono::hours(12) + std::chrono::minutes(36));

// What stands behind the last "=".
inline std::string last_value(std::string_view text) {
    return std::string(text.substr(text.rfind('=') + 1));
}

}  // namespace hearth::sigv4::example
