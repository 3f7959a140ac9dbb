#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hearth/error.hpp"

namespace hearth {

// A set of OAuth scopes in the order given (RFC 6749 section 3.3: space separated, case sensitive).
class Scopes {
  public:
    Scopes() = default;
    // Refuses characters that RFC 6749 does not allow in a scope; drops doubles.
    static Result<Scopes> parse(std::string_view text);
    static Result<Scopes> of(const std::vector<std::string>& scopes);

    [[nodiscard]] bool contains(std::string_view scope) const noexcept;
    [[nodiscard]] bool empty() const noexcept { return scopes_.empty(); }
    // Those that `granted` lacks.
    [[nodiscard]] Scopes missing_from(const Scopes& granted) const;
    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] const std::vector<std::string>& values() const noexcept { return scopes_; }
    bool operator==(const Scopes&) const = default;

  private:
    std::vector<std::string> scopes_;
};

}  // namespace hearth
