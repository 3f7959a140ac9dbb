#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hearth/secret.hpp"

namespace hearth::cli {

// One JSON object on one line, written member by member. Secrets are kept apart from the rest, in
// locked memory, and come last.
class JsonLine {
  public:
    JsonLine& text(std::string_view name, std::string_view value);
    JsonLine& number(std::string_view name, std::int64_t value);
    JsonLine& flag(std::string_view name, bool value);
    // A value that is JSON already.
    JsonLine& json(std::string_view name, std::string_view value);
    JsonLine& pairs(std::string_view name,
                    const std::vector<std::pair<std::string, std::string>>& values);
    JsonLine& secret(std::string_view name, const Secret& value);

    // The two halves of the line, to be sent one after the other.
    [[nodiscard]] std::string_view head() const noexcept { return head_; }
    [[nodiscard]] std::string_view tail() const noexcept {
        return tail_.empty() ? std::string_view("}\n") : tail_.reveal();
    }

  private:
    void begin(std::string_view name);

    std::string head_ = "{";
    Secret tail_;
};

// The text as a JSON string.
void append_quoted(SecretBuilder& sink, std::string_view text);

// What the agent is asked.
class Request : public JsonLine {
  public:
    explicit Request(std::string_view operation) { text("op", operation); }
};

}  // namespace hearth::cli
