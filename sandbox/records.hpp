// What happened, for tests and people to judge by. Never a token.
#pragma once

#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/instant.hpp"

namespace hearth::sandbox {

// One request to a token endpoint.
struct TokenRecord {
    Instant at;
    std::string face;   // "standard" or "claude".
    std::string grant;  // As sent; empty when it could not be read.
    std::string client;
    std::string
        outcome;  // "issued", an OAuth error's code, or "not_processed" when a fault came first.
    std::string detail;
    std::string family;
    std::optional<int> presented;   // The generation of the refresh token that was shown.
    std::optional<int> generation;  // The generation that the answer carries.
    std::vector<std::string> faults;
};

class Records {
  public:
    void count(std::string_view endpoint) { ++counts_[std::string(endpoint)]; }
    void add(TokenRecord record) { token_requests_.push_back(std::move(record)); }
    [[nodiscard]] const std::vector<TokenRecord>& token_requests() const noexcept {
        return token_requests_;
    }
    // `token_requests` and `counts`.
    [[nodiscard]] boost::json::object to_json() const;

  private:
    std::map<std::string, int> counts_;
    std::vector<TokenRecord> token_requests_;
};

}  // namespace hearth::sandbox
