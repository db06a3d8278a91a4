#!/usr/bin/env python3
"""Makes the sample tables in www/samples, the same bytes every time. Standard library only: python3 www/make-samples.py"""

import math
import random
from datetime import datetime, timedelta
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"


def write(name, lines):
    text = "".join(f"{line}\n" for line in lines)
    (SAMPLES / name).write_text(text, encoding="utf-8", newline="")


def pumps(rows=2000):
    """A pump whose flow, pressure, current and vibration follow its speed; anomalous rows break one of these ties."""
    chance = random.Random(11)
    start = datetime(2024, 3, 4, 6, 0)
    yield "time,mode,speed_rpm,flow_m3h,pressure_bar,current_a,vibration_mm_s,temperature_c,state"
    warmth = 0.0
    for index in range(rows):
        mode = chance.choices(["idle", "normal", "boost"], [2, 6, 2])[0]
        speed = {"idle": 700, "normal": 1450, "boost": 2200}[mode] * (1 + chance.gauss(0, 0.03))
        warmth += 0.1 * (speed / 100 - warmth)
        flow = speed * 0.021 * (1 + chance.gauss(0, 0.02))
        pressure = (speed / 1000) ** 2 * 1.9 + chance.gauss(0, 0.08)
        current = 2 + flow * pressure * 0.045 + chance.gauss(0, 0.12)
        vibration = 0.6 + speed / 1500 + abs(chance.gauss(0, 0.12))
        temperature = 24 + 1.6 * warmth + chance.gauss(0, 0.5)
        state = "ok"
        if chance.random() < 0.03:
            state = "fault"
            fault = chance.choice(["leak", "bearing", "clogged", "stuck sensor", "wrong mode"])
            if fault == "leak":
                pressure *= chance.uniform(0.55, 0.75)
            elif fault == "bearing":
                vibration += chance.uniform(1.2, 3.0)
                temperature += chance.uniform(4, 9)
            elif fault == "clogged":
                flow *= chance.uniform(0.5, 0.7)
                pressure *= chance.uniform(1.15, 1.35)
            elif fault == "stuck sensor":
                temperature = 20.0
            else:
                # Each value is usual; only not in this mode.
                mode = "idle" if mode != "idle" else "boost"
        cell = "" if chance.random() < 0.01 else f"{vibration:.2f}"
        time = (start + timedelta(minutes=5 * index)).strftime("%Y-%m-%d %H:%M")
        yield (
            f"{time},{mode},{speed:.0f},{flow:.1f},{pressure:.2f},{current:.2f},{cell},{temperature:.1f},{state}"
        )


def payments(rows=2000):
    """Card payments; the anomalous ones are large, far from home, at night, or all of these a little."""
    chance = random.Random(12)
    start = datetime(2024, 5, 1)
    kinds = {
        "groceries": (32, 18), "fuel": (55, 14), "restaurant": (38, 20), "travel": (210, 15), "online": (45, 13),
        "cash": (100, 16),
    }
    yield "payment_id,time,merchant,country,amount_eur,km_from_home,payments_last_hour,card_present,fraud"
    for index in range(rows):
        merchant = chance.choices(list(kinds), [34, 14, 18, 5, 22, 7])[0]
        typical, hour = kinds[merchant]
        amount = typical * math.exp(chance.gauss(0, 0.45))
        hour = min(23, max(6, round(chance.gauss(hour, 2.5))))
        distance = math.exp(chance.gauss(1.5, 0.9)) * (25 if merchant == "travel" else 1)
        country = chance.choices(["DE", "FR", "AT", "NL"], [88, 5, 4, 3])[0]
        recent = chance.choices([0, 1, 2], [80, 16, 4])[0]
        present = merchant != "online"
        fraud = 0
        if chance.random() < 0.03:
            fraud = 1
            kind = chance.choice(["large", "far", "burst", "night", "no card"])
            if kind == "large":
                amount = typical * chance.uniform(6, 14)
            elif kind == "far":
                distance = chance.uniform(900, 6000)
                country = chance.choice(["US", "BR", "TH", "FR"])
            elif kind == "burst":
                recent = chance.randint(5, 14)
                amount = chance.uniform(1, 6)
            elif kind == "night":
                hour = chance.randint(1, 4)
                amount *= 2.5
            else:
                # Fuel or cash without the card in the machine: each cell is usual.
                merchant = chance.choice(["fuel", "cash"])
                present = False
        minute = chance.randint(0, 59)
        time = (start + timedelta(days=index * 60 // rows, hours=hour, minutes=minute)).strftime("%Y-%m-%dT%H:%M")
        yield (
            f"P{100000 + index},{time},{merchant},{country},{amount:.2f},{distance:.1f},{recent},"
            f"{'yes' if present else 'no'},{fraud}"
        )


def weather(rows=2000):
    """A weather station as a German logger writes it: preamble, semicolons, decimal commas, -999 for a dead sensor."""
    chance = random.Random(13)
    start = datetime(2023, 1, 1)

    def comma(value, digits=1):
        return f"{value:.{digits}f}".replace(".", ",")

    yield "Wetterstation Hügelhof"
    yield "Zeitraum: 01.01.2023 bis 31.12.2023"
    yield ""
    yield "Zeit;Temperatur °C;Taupunkt °C;Feuchte %;Druck hPa;Wind m/s;Windrichtung;Regen mm;Strahlung W/m²"
    pressure, cloud = 1013.0, 0.5
    for index in range(rows):
        time = start + timedelta(hours=index * 8760 / rows)
        season = -math.cos(2 * math.pi * (time.timetuple().tm_yday - 15) / 365)
        sun = max(0.0, math.sin(math.pi * (time.hour - 6) / 12)) * (0.6 + 0.35 * season)
        pressure += 0.15 * (1013 - pressure) + chance.gauss(0, 3)
        cloud = min(1.0, max(0.0, cloud + 0.3 * (0.5 - cloud) - 0.01 * (pressure - 1013) + chance.gauss(0, 0.15)))
        radiation = 900 * sun * (1 - 0.75 * cloud)
        temperature = 9 + 10 * season + 0.008 * radiation + chance.gauss(0, 1.6)
        humidity = min(100.0, max(25.0, 78 + 18 * (cloud - 0.5) - 0.035 * radiation + chance.gauss(0, 4)))
        dew = temperature - (100 - humidity) / 5
        rain = max(0.0, chance.gauss(cloud - 0.85, 0.3)) * 6 if cloud > 0.6 else 0.0
        wind = abs(chance.gauss(2.5, 1.4)) + max(0.0, 1005 - pressure) * 0.3
        if chance.random() < 0.02:
            upset = chance.choice(["frozen", "spike", "rain in the sun", "dark noon"])
            if upset == "frozen":
                temperature += 14
            elif upset == "spike":
                pressure_read = pressure + chance.choice([-60, 60])
            elif upset == "rain in the sun":
                rain, humidity = 18.0, 30.0
            else:
                radiation = 0.0 if radiation > 200 else 800.0
        else:
            upset = ""
        shown = pressure_read if upset == "spike" else pressure
        gust = "-999" if chance.random() < 0.01 else comma(wind)
        direction = chance.choices(["N", "NO", "O", "SO", "S", "SW", "W", "NW"], [4, 5, 7, 5, 8, 20, 24, 9])[0]
        yield ";".join(
            [
                time.strftime("%d.%m.%Y %H:%M"), comma(temperature), comma(dew), comma(humidity, 0), comma(shown), gust,
                direction, comma(rain), comma(radiation, 0),
            ]
        )


if __name__ == "__main__":
    SAMPLES.mkdir(exist_ok=True)
    write("machine-sensors.csv", pumps())
    write("card-payments.csv", payments())
    write("weather-station.csv", weather())
