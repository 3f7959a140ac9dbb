#pragma once

#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "hearth/sigv4.hpp"
#include "sigv4/writer.hpp"

namespace hearth::sigv4 {

// Percent-encoded, but for letters, digits and "-._~".
void append_encoded(std::string& text, std::string_view piece);

void append_path(Writer& writer, std::string_view path, PathRule rule,
                 std::pmr::memory_resource& memory);

// The parameters of a query: encoded in the one way that is signed, sorted by name, then by value.
class CanonicalQuery {
  public:
    explicit CanonicalQuery(std::pmr::memory_resource& memory)
        : text_(&memory), parameters_(&memory) {}

    // All of a query as it is sent. What is encoded in it stays encoded; nothing stands for a space
    // but "%20". Empty parameters are none.
    void add(std::string_view query);
    void add(std::string_view name, std::string_view value);
    // Call it when all are added.
    void append_to(Writer& writer);

  private:
    struct Parameter {
        std::size_t from;
        std::size_t value;  // Behind the "=".
        std::size_t end;
    };
    [[nodiscard]] std::string_view name(const Parameter& parameter) const noexcept;
    [[nodiscard]] std::string_view value(const Parameter& parameter) const noexcept;

    std::pmr::string text_;
    std::pmr::vector<Parameter> parameters_;
};

}  // namespace hearth::sigv4
