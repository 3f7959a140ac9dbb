#include "sandbox/aws_event_stream.hpp"

#include <boost/crc.hpp>
#include <cstdint>

namespace hearth::sandbox {

namespace {

constexpr std::size_t around = 16;  // Two lengths and two checksums.
constexpr char text_type = 7;

std::string big_endian(std::size_t number, unsigned octets) {
    std::string bytes;
    for (unsigned shift = octets * 8; shift > 0; shift -= 8)
        bytes += static_cast<char>((number >> (shift - 8)) & 0xFFU);
    return bytes;
}

std::string checksum(std::string_view bytes) {
    boost::crc_32_type sum;
    sum.process_bytes(bytes.data(), bytes.size());
    return big_endian(sum.checksum(), 4);
}

}  // namespace

std::string event_frame(const std::vector<std::pair<std::string_view, std::string_view>>& headers,
                        std::string_view payload) {
    std::string lines;
    for (const auto& [name, value] : headers) {
        lines += static_cast<char>(name.size());
        lines += name;
        lines += text_type;
        lines += big_endian(value.size(), 2);
        lines += value;
    }
    std::string frame =
        big_endian(around + lines.size() + payload.size(), 4) + big_endian(lines.size(), 4);
    frame += checksum(frame);
    frame += lines;
    frame += payload;
    return frame + checksum(frame);
}

}  // namespace hearth::sandbox
