// A JSON Web Token as it was sent, believed by nobody yet.
#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hearth::sandbox {

struct Jwt {
    boost::json::object header;
    boost::json::object claims;
    std::string input;  // What is signed.
    std::string signature;

    [[nodiscard]] std::string algorithm() const;
    [[nodiscard]] std::string key_id() const;
};

// Nothing for what is no compact JWS with JSON in it.
std::optional<Jwt> read_jwt(std::string_view token);

}  // namespace hearth::sandbox
