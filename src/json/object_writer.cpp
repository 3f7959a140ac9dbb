#include "json/object_writer.hpp"

#include <array>

namespace hearth::json {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

}  // namespace

void ObjectWriter::quote(std::string_view text) {
    text_.append("\"");
    for (const char& c : text) {
        if (c == '"' || c == '\\') {
            text_.append("\\").append({&c, 1});
        } else if (static_cast<unsigned char>(c) < 0x20) {
            const auto octet = static_cast<unsigned char>(c);
            const std::array escape{'\\', 'u', '0', '0', digits[octet >> 4U], digits[octet & 15U]};
            text_.append({escape.data(), escape.size()});
        } else {
            text_.append({&c, 1});
        }
    }
    text_.append("\"");
}

void ObjectWriter::begin(std::string_view name) {
    text_.append(text_.size() == 0 ? "{" : ",");
    quote(name);
    text_.append(":");
}

ObjectWriter& ObjectWriter::text(std::string_view name, std::string_view value) {
    begin(name);
    quote(value);
    return *this;
}

ObjectWriter& ObjectWriter::number(std::string_view name, std::int64_t value) {
    begin(name);
    text_.append(std::to_string(value));
    return *this;
}

ObjectWriter& ObjectWriter::null(std::string_view name) {
    begin(name);
    text_.append("null");
    return *this;
}

ObjectWriter& ObjectWriter::texts(std::string_view name, const std::vector<std::string>& values) {
    begin(name);
    text_.append("[");
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) text_.append(",");
        quote(values[i]);
    }
    text_.append("]");
    return *this;
}

ObjectWriter& ObjectWriter::object(std::string_view name, const Secret& written) {
    begin(name);
    text_.append(written.reveal());
    return *this;
}

Secret ObjectWriter::take() {
    if (text_.size() == 0) text_.append("{");
    text_.append("}");
    return text_.take();
}

}  // namespace hearth::json
