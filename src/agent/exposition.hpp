#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace hearth::agent {

// Writes numbers in Prometheus' text format, version 0.0.4.
class Exposition {
  public:
    enum class Type : std::uint8_t { counter, gauge };
    struct Label {
        std::string_view name;
        std::string_view value;  // Anything; what would end it early is escaped.
    };

    // Begins a metric; the samples of it follow, each set of labels once.
    void metric(std::string_view name, Type type, std::string_view help);
    void sample(std::initializer_list<Label> labels, std::uint64_t value);
    void sample(std::initializer_list<Label> labels, std::int64_t value);

    // What was written, whole lines.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

  private:
    void line(std::initializer_list<Label> labels, std::string_view value);

    std::string text_;
    std::string name_;
};

}  // namespace hearth::agent
